package io.gatehouse.internal.ratelimit;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The calls on counters in Redis. {@code decide.lua} (TIME, MGET, SET PX) evaluates and charges, {@code refund.lua} (TIME, GET, SET PX,
 * UNLINK) refunds, {@code reset.lua} (UNLINK) deletes. Charges and refunds are never retried, because a second execution would count
 * twice. Stateless.
 */
final class CounterStore {
    private static final Script DECIDE = Script.load(CounterStore.class, "decide.lua", false);
    private static final Script INSPECT = Script.load(CounterStore.class, "decide.lua", true);
    private static final Script REFUND = Script.load(CounterStore.class, "refund.lua", false);
    private static final Script RESET = Script.load(CounterStore.class, "reset.lua", true);

    private CounterStore() {}

    /**
     * Returns the call that decides charges whose keys lie in one slot. It charges all of them or none, and returns one result for each.
     *
     * @param held whether rules that count failures hold the tokens that they charge until the outcome is known
     */
    static RedisCall<List<Limit.Result>> decide(List<CounterCharge> charges, boolean held) {
        int size = charges.size();
        List<byte[]> keys = keys(charges);
        for (CounterCharge charge : charges) {
            if (holds(charge, held)) {
                keys.add(charge.holdsKeyBytes());
            }
        }
        return DECIDE.on(RedisPurpose.RATE_LIMIT)
                .keys(keys)
                .args(args -> {
                    for (CounterCharge charge : charges) {
                        boolean enforced = charge.rule().mode() == RateLimitRule.Mode.ENFORCE;
                        append(
                                args,
                                charge.rule().limit(),
                                (enforced ? "e" : "d") + (holds(charge, held) ? "h" : ""),
                                charge.rule().cost(),
                                charge.tokens());
                    }
                })
                .reply(reader -> results(reader.list(), size));
    }

    private static boolean holds(CounterCharge charge, boolean held) {
        return held && charge.rule().countsFailures();
    }

    /** Returns the call that reads a counter and how long until it has the cost of a request. It requests zero tokens, so it charges none. */
    static RedisCall<Limit.Result> inspect(CounterCharge charge) {
        return INSPECT.on(RedisPurpose.RATE_LIMIT)
                .keys(charge.keyBytes())
                .args(args ->
                        append(args, charge.rule().limit(), "d", charge.rule().cost(), 0))
                .reply(reply -> result(reply.list()));
    }

    /** Returns the call that refunds the tokens of charges in one slot and releases the tokens that they held. */
    static RedisCall<Long> refund(List<CounterCharge> charges) {
        List<byte[]> keys = keys(charges);
        charges.forEach(charge -> keys.add(charge.holdsKeyBytes()));
        return REFUND.on(RedisPurpose.RATE_LIMIT)
                .keys(keys)
                .args(args -> {
                    for (CounterCharge charge : charges) {
                        Limit limit = charge.rule().limit();
                        args.text(limit.kind())
                                .number(charge.tokens())
                                .number(limit.scriptParameter())
                                .number(limit.refillMicros())
                                .number(
                                        charge.rule().countsFailures()
                                                ? charge.rule().cost()
                                                : 0);
                    }
                })
                .reply(ReplyReader::number);
    }

    /** Returns the call that deletes a counter. It returns 1 if the counter existed, else 0. */
    static RedisCall<Long> reset(String key) {
        return RESET.on(RedisPurpose.RATE_LIMIT).keys(key).reply(ReplyReader::number);
    }

    private static void append(ScriptArgs args, Limit limit, String mode, long least, long most) {
        args.text(limit.kind())
                .text(mode)
                .number(least)
                .number(most)
                .number(limit.scriptParameter())
                .number(limit.refillMicros());
    }

    private static List<byte[]> keys(Collection<CounterCharge> charges) {
        List<byte[]> keys = new ArrayList<>(2 * charges.size());
        charges.forEach(charge -> keys.add(charge.keyBytes()));
        return keys;
    }

    private static List<Limit.Result> results(ReplyReader reply, int size) {
        List<Limit.Result> results = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            results.add(result(reply));
        }
        return results;
    }

    private static Limit.Result result(ReplyReader reply) {
        return new Limit.Result(reply.number(), reply.number(), reply.number(), reply.number(), reply.flag());
    }
}
