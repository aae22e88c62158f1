package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The counters in Redis. {@code decide.lua} (TIME, MGET, SET PX) judges and charges, {@code refund.lua} (TIME, GET, SET PX,
 * UNLINK) gives back, {@code reset.lua} (UNLINK) forgets. Charging and giving back are never sent twice: a second time would
 * count twice.
 */
final class CounterStore {
    private static final Script DECIDE = Script.load(CounterStore.class, "decide.lua", false);
    private static final Script LOOK = Script.load(CounterStore.class, "decide.lua", true);
    private static final Script REFUND = Script.load(CounterStore.class, "refund.lua", false);
    private static final Script RESET = Script.load(CounterStore.class, "reset.lua", true);

    private CounterStore() {}

    /**
     * Decides charges whose keys lie in one slot; returns one result for each.
     *
     * @param held whether rules that count failures hold what they charge until it is settled
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

    /** Reads a counter, and how long until it has the cost of a request; charges nothing, because it requests at most nothing. */
    static RedisCall<Limit.Result> look(CounterCharge charge) {
        return LOOK.on(RedisPurpose.RATE_LIMIT)
                .keys(charge.keyBytes())
                .args(args ->
                        append(args, charge.rule().limit(), "d", charge.rule().cost(), 0))
                .reply(reply -> result(reply.list()));
    }

    /** Gives back what charges in one slot wish for, and the places that they held. */
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
                                .number(limit.first())
                                .number(limit.second())
                                .number(
                                        charge.rule().countsFailures()
                                                ? charge.rule().cost()
                                                : 0);
                    }
                })
                .reply(ReplyReader::number);
    }

    /** Forgets a counter; returns 1 if it existed, else 0. */
    static RedisCall<Long> reset(CounterCharge charge) {
        return RESET.on(RedisPurpose.RATE_LIMIT).keys(charge.keyBytes()).reply(ReplyReader::number);
    }

    private static void append(ScriptArgs args, Limit limit, String mode, long least, long most) {
        args.text(limit.kind())
                .text(mode)
                .number(least)
                .number(most)
                .number(limit.first())
                .number(limit.second());
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
