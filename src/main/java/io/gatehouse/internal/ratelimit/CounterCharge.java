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
 * @param id identifies the counter; a keyed hash, which reveals nothing about the counted client
 * @param slotGroup the hash tag of the Redis key: counters of one group share a slot of a cluster, so that one script decides them
 * @param key the Redis key
 * @param client the attributes that the rule counts by, for the list of blocked clients
 * @param tokens the most tokens that are requested: the cost of the rule, or more if the node prefetches tokens
 */
record CounterCharge(
        RateLimitRule rule, String id, String slotGroup, String key, RequestAttributes client, long tokens) {
    /** Tokens that requests in progress hold may become free at any moment. */
    private static final Duration WAIT_WHILE_BUSY = Duration.ofSeconds(1);

    CounterCharge withTokens(long number) {
        return new CounterCharge(rule, id, slotGroup, key, client, number);
    }

    /** Returns the same counter under a variant of its rule with another limit. */
    CounterCharge withRule(RateLimitRule variant) {
        return new CounterCharge(variant, id, slotGroup, key, client, variant.cost());
    }

    byte[] keyBytes() {
        return ScriptArgs.encode(key);
    }

    /** Returns the key of the number of tokens that requests in progress hold. */
    byte[] holdsKeyBytes() {
        return ScriptArgs.encode(key + ":h");
    }

    /** Returns the status of the counter after its limit has evaluated the request. */
    RuleStatus status(Limit.Result result) {
        return status(result, result.granted() < rule.cost());
    }

    /** Returns the status of the counter after an evaluation that requested no tokens. */
    RuleStatus inspected(Limit.Result result) {
        return status(result, result.remaining() < rule.cost());
    }

    private RuleStatus status(Limit.Result result, boolean violated) {
        return new RuleStatus(
                rule,
                id,
                violated,
                result.remaining(),
                result.busy() ? WAIT_WHILE_BUSY : micros(result.waitMicros()),
                micros(result.resetMicros()));
    }

    /** A wait of -1 never ends; it does not occur here, because the cost of a rule is never above its capacity. */
    private static Duration micros(long micros) {
        return Duration.of(Math.max(0, micros), ChronoUnit.MICROS);
    }
}
