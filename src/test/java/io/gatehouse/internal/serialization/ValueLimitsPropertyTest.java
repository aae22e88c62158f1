package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.serialization.ValueCodec.Value;
import io.gatehouse.testing.Cases;
import io.gatehouse.testing.Draws;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Tests that a reader can read everything that a writer with the same limits writes. */
@SuppressWarnings({"JdkObsolete", "IdentityHashMapUsage"}) // applications have them in sessions
class ValueLimitsPropertyTest {
    private static final ClassLoader LOADER = ValueLimitsPropertyTest.class.getClassLoader();

    /** A value within the limits is read back; any other value is rejected because of a limit. */
    @Test
    void readsWhateverItWrote() {
        Cases.seeded(3000, draws -> readsWhatItWrote(graph(draws, new ArrayList<>(), 2 + draws.below(28))));
    }

    private static void readsWhatItWrote(Object value) {
        ValueCodec small = ValueLimitsTest.codec(ValueLimitsTest.SMALL);
        try {
            assertThat(small.decode(small.encode(value), LOADER)).isInstanceOf(Value.class);
        } catch (NotStorableException e) {
            assertThat(e.reason().isLimit()).as(e.getMessage()).isTrue();
        }
    }

    @Test
    void readsEveryChainThatItWrote() {
        Cases.seeded(200, draws -> readsTheChainThatItWrote(1 + draws.below(1_200), 1 + draws.below(500)));
    }

    private static void readsTheChainThatItWrote(int depth, int limit) {
        ValueCodec limited = ValueLimitsTest.codec(new ValueLimits(limit, 10_000, 1 << 20));
        try {
            byte[] bytes = limited.encode(ValueLimitsTest.Node.chain(depth));
            assertThat(depth).isLessThanOrEqualTo(limit);
            assertThat(limited.decode(bytes, LOADER)).isInstanceOf(Value.class);
        } catch (NotStorableException e) {
            assertThat(depth).isGreaterThan(limit);
        }
    }

    private static Object graph(Draws draws, List<Object> made, int depth) {
        if (!made.isEmpty() && draws.below(8) == 0) {
            return made.get(draws.below(made.size()));
        }
        Object value = depth <= 0 ? leaf(draws) : container(draws, made, depth);
        made.add(value);
        return value;
    }

    private static Object leaf(Draws draws) {
        return switch (draws.below(5)) {
            case 0 -> "text" + draws.below(1000);
            case 1 -> draws.wholeInt();
            case 2 -> new byte[draws.below(draws.below(20) == 0 ? 1_500 : 20)];
            case 3 -> Thread.State.BLOCKED;
            default -> java.time.LocalDate.EPOCH;
        };
    }

    private static Object container(Draws draws, List<Object> made, int depth) {
        int size = draws.below(10) == 0 ? 1 + draws.below(30) : 1 + draws.below(2);
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(graph(draws, made, i == 0 ? depth - 1 : draws.below(2)));
        }
        Map<String, Object> map = new TreeMap<>();
        items.forEach(item -> map.put("k" + map.size(), item));
        ValueLimitsTest.Node node = ValueLimitsTest.Node.chain(1);
        node.item = items.get(0);
        return switch (draws.below(9)) {
            case 0 -> items;
            case 1 -> items.toArray();
            case 2 -> new LinkedList<>(items);
            case 3 -> new HashMap<>(map);
            case 4 -> new ConcurrentHashMap<>(map);
            case 5 -> new IdentityHashMap<>(map);
            case 6 -> new Hashtable<>(map);
            case 7 -> List.copyOf(items);
            default -> node;
        };
    }
}
