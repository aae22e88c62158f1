package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The counter of one rule that matches a request, and the number of tokens to charge to it or to refund. Immutable.
 *
 * @param name the name of the counter
 * @param client the attributes that the rule counts by, for the list of blocked clients
 * @param tokens the most tokens that are requested: the cost of the rule, or more if the node takes tokens in advance
 */
record CounterCharge(RateLimitRule rule, CounterName name, RequestAttributes client, long tokens) {
    /** Tokens that requests in progress hold may become free at any moment. */
    private static final Duration WAIT_WHILE_BUSY = Duration.ofSeconds(1);

    CounterCharge withTokens(long number) {
        return new CounterCharge(rule, name, client, number);
    }

    /** Returns the same counter under a variant of its rule with another limit. */
    CounterCharge withRule(RateLimitRule variant) {
        return new CounterCharge(variant, name, client, variant.cost());
    }

    /** Returns the keyed hash that identifies the counter. */
    String id() {
        return name.id();
    }

    String slotGroup() {
        return name.slotGroup();
    }

    byte[] keyBytes() {
        return name.keyBytes();
    }

    /** Returns the key of the number of tokens that requests in progress hold. */
    byte[] holdsKeyBytes() {
        return ScriptArgs.encode(name.key() + ":h");
    }

    /**
     * Returns the status of the counter after its limit has evaluated the request.
     *
     * @param refused whether a limit that was evaluated together with this one refuses, so that nothing was charged
     */
    RuleStatus status(Limit.Result result, boolean refused) {
        long kept = refused ? 0 : Math.max(0, result.granted() - rule.cost()); // this node uses it for later requests
        return status(result, result.granted() < rule.cost(), kept);
    }

    /** Returns whether the evaluation is a reason to refuse the request. */
    boolean isRefusedBy(Limit.Result result) {
        return result.granted() < rule.cost() && rule.mode() == RateLimitRule.Mode.ENFORCE;
    }

    /** Returns the status of the counter after an evaluation that requested no tokens. */
    RuleStatus inspected(Limit.Result result) {
        return status(result, result.remaining() < rule.cost(), 0);
    }

    private RuleStatus status(Limit.Result result, boolean violated, long kept) {
        return new RuleStatus(
                rule,
                id(),
                violated,
                result.remaining() + kept,
                result.busy() ? WAIT_WHILE_BUSY : micros(result.waitMicros()),
                micros(result.resetMicros()));
    }

    /** A wait of -1 never ends; it does not occur here, because the cost of a rule is never above its capacity. */
    private static Duration micros(long micros) {
        return Duration.of(Math.max(0, micros), ChronoUnit.MICROS);
    }
}
