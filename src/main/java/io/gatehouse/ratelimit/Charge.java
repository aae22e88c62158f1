package io.gatehouse.ratelimit;

/**
 * One rule with the counter that a request meets there.
 *
 * @param wish the most tokens that are asked for; more than the rule's cost where a node takes some in advance
 */
record Charge(RateLimitRule rule, Partition partition, long wish) {
    /** Places that are only held may be free at any moment. */
    private static final java.time.Duration WHILE_BUSY = java.time.Duration.ofSeconds(1);

    Standing standing(Verdict verdict) {
        return new Standing(
                rule,
                partition.hash(),
                verdict.granted() < rule.cost(),
                verdict.remaining(),
                verdict.busy() ? WHILE_BUSY : micros(verdict.waitMicros()),
                micros(verdict.resetMicros()));
    }

    /** A wait of -1 is one without end; a rule's cost is never above its capacity, so only others have that. */
    private static java.time.Duration micros(long micros) {
        return java.time.Duration.of(Math.max(0, micros), java.time.temporal.ChronoUnit.MICROS);
    }
}
