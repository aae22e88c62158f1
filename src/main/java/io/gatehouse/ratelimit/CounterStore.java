package io.gatehouse.ratelimit;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private static final int NUMBERS_OF_A_VERDICT = 5;

    private CounterStore() {}

    /**
     * Decides charges whose keys lie in one slot; one verdict each, without what comes after.
     *
     * @param held whether rules that count failures hold what they charge until it is settled
     */
    static Call<List<Verdict>> decide(List<Charge> charges, boolean held) {
        List<byte[]> keys = new ArrayList<>(keys(charges));
        List<byte[]> arguments = new ArrayList<>(charges.size() * 6);
        for (Charge charge : charges) {
            boolean enforced = charge.rule().mode() == RateLimitRule.Mode.ENFORCE;
            boolean holds = held && charge.rule().countsFailures();
            if (holds) {
                keys.add(charge.partition().holdsBytes());
            }
            arguments(
                    arguments,
                    charge.rule().limit(),
                    (enforced ? "e" : "d") + (holds ? "h" : ""),
                    charge.rule().cost(),
                    charge.wish());
        }
        return DECIDE.call(Purpose.RATE_LIMIT, keys, arguments, CounterStore::verdicts);
    }

    /** How a counter stands, and how long until it has what a request costs; charges nothing, as nothing is the most it wants. */
    static Call<Verdict> look(Limit limit, long cost, Partition partition) {
        List<byte[]> arguments = new ArrayList<>();
        arguments(arguments, limit, "d", cost, 0);
        return LOOK.call(
                Purpose.RATE_LIMIT,
                List.of(partition.keyBytes()),
                arguments,
                raw -> verdicts(raw).get(0));
    }

    /** Gives back what charges in one slot wish for, and the places that they held. */
    static Call<Long> refund(List<Charge> charges) {
        List<byte[]> keys = new ArrayList<>(keys(charges));
        charges.forEach(charge -> keys.add(charge.partition().holdsBytes()));
        List<byte[]> arguments = new ArrayList<>(charges.size() * 5);
        for (Charge charge : charges) {
            Limit limit = charge.rule().limit();
            arguments.add(bytes(limit.kind()));
            arguments.add(number(charge.wish()));
            arguments.add(number(limit.first()));
            arguments.add(number(limit.second()));
            arguments.add(number(charge.rule().countsFailures() ? charge.rule().cost() : 0));
        }
        return REFUND.call(Purpose.RATE_LIMIT, keys, arguments, CounterStore::count);
    }

    /** Forgets a counter; says whether there was one. */
    static Call<Long> reset(Partition partition) {
        return RESET.call(Purpose.RATE_LIMIT, List.of(partition.keyBytes()), List.of(), CounterStore::count);
    }

    private static void arguments(List<byte[]> arguments, Limit limit, String mode, long least, long most) {
        arguments.add(bytes(limit.kind()));
        arguments.add(bytes(mode));
        arguments.add(number(least));
        arguments.add(number(most));
        arguments.add(number(limit.first()));
        arguments.add(number(limit.second()));
    }

    private static List<byte[]> keys(Collection<Charge> charges) {
        return charges.stream().map(charge -> charge.partition().keyBytes()).toList();
    }

    private static List<Verdict> verdicts(@Nullable Object reply) {
        List<?> numbers = (List<?>) reply;
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; numbers != null && i + NUMBERS_OF_A_VERDICT <= numbers.size(); i += NUMBERS_OF_A_VERDICT) {
            verdicts.add(new Verdict(
                    count(numbers.get(i)),
                    count(numbers.get(i + 1)),
                    count(numbers.get(i + 2)),
                    count(numbers.get(i + 3)),
                    Usage.NONE,
                    count(numbers.get(i + 4)) == 1));
        }
        return verdicts;
    }

    private static long count(@Nullable Object reply) {
        return reply instanceof Long number ? number : 0;
    }

    private static byte[] number(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
