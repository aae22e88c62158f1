package io.gatehouse.ratelimit;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import io.gatehouse.redis.ScriptArgs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The counters in Redis. {@code decide.lua} (TIME, MGET, SET PX) judges and charges, {@code refund.lua} (TIME, GET, SET PX,
 * UNLINK) gives back, {@code reset.lua} (UNLINK) forgets. Charging and giving back are never sent twice: a second time would
 * count twice.
 */
final class CounterStore {
    private static final Script DECIDE = Script.beside(CounterStore.class, "decide.lua", false);
    private static final Script LOOK = Script.beside(CounterStore.class, "decide.lua", true);
    private static final Script REFUND = Script.beside(CounterStore.class, "refund.lua", false);
    private static final Script RESET = Script.beside(CounterStore.class, "reset.lua", true);

    private CounterStore() {}

    /**
     * Decides charges whose keys lie in one slot; one verdict each, without what comes after.
     *
     * @param held whether rules that count failures hold what they charge until it is settled
     */
    static Call<List<Verdict>> decide(List<Charge> charges, boolean held) {
        int size = charges.size();
        List<byte[]> keys = keys(charges);
        for (Charge charge : charges) {
            if (holds(charge, held)) {
                keys.add(charge.partition().holdsBytes());
            }
        }
        return DECIDE.on(Purpose.RATE_LIMIT)
                .keys(keys)
                .args(args -> {
                    for (Charge charge : charges) {
                        boolean enforced = charge.rule().mode() == RateLimitRule.Mode.ENFORCE;
                        append(
                                args,
                                charge.rule().limit(),
                                (enforced ? "e" : "d") + (holds(charge, held) ? "h" : ""),
                                charge.rule().cost(),
                                charge.wish());
                    }
                })
                .reply(reader -> verdicts(reader.list(), size));
    }

    private static boolean holds(Charge charge, boolean held) {
        return held && charge.rule().countsFailures();
    }

    /** How a counter stands, and how long until it has what a request costs; charges nothing, as nothing is the most it wants. */
    static Call<Verdict> look(Limit limit, long cost, Partition partition) {
        return LOOK.on(Purpose.RATE_LIMIT)
                .keys(partition.keyBytes())
                .args(args -> append(args, limit, "d", cost, 0))
                .reply(reader -> verdict(reader.list()));
    }

    /** Gives back what charges in one slot wish for, and the places that they held. */
    static Call<Long> refund(List<Charge> charges) {
        List<byte[]> keys = keys(charges);
        charges.forEach(charge -> keys.add(charge.partition().holdsBytes()));
        return REFUND.on(Purpose.RATE_LIMIT)
                .keys(keys)
                .args(args -> {
                    for (Charge charge : charges) {
                        Limit limit = charge.rule().limit();
                        args.text(limit.kind())
                                .number(charge.wish())
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

    /** Forgets a counter; says whether there was one. */
    static Call<Long> reset(Partition partition) {
        return RESET.on(Purpose.RATE_LIMIT).keys(partition.keyBytes()).reply(ReplyReader::number);
    }

    private static void append(ScriptArgs args, Limit limit, String mode, long least, long most) {
        args.text(limit.kind())
                .text(mode)
                .number(least)
                .number(most)
                .number(limit.first())
                .number(limit.second());
    }

    private static List<byte[]> keys(Collection<Charge> charges) {
        List<byte[]> keys = new ArrayList<>(2 * charges.size());
        charges.forEach(charge -> keys.add(charge.partition().keyBytes()));
        return keys;
    }

    private static List<Verdict> verdicts(ReplyReader reply, int size) {
        List<Verdict> verdicts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            verdicts.add(verdict(reply));
        }
        return verdicts;
    }

    private static Verdict verdict(ReplyReader reply) {
        return new Verdict(reply.number(), reply.number(), reply.number(), reply.number(), Usage.NONE, reply.flag());
    }
}
