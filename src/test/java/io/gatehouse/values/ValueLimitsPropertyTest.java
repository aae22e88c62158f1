package io.gatehouse.values;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.values.ValueCodec.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever the limits let a writer write, a reader with the same limits reads. */
@SuppressWarnings({"JdkObsolete", "IdentityHashMapUsage"}) // applications have them in sessions
class ValueLimitsPropertyTest {
    private static final ClassLoader LOADER = ValueLimitsPropertyTest.class.getClassLoader();

    /** Whatever the limits let in comes back, and whatever they do not is refused for a limit. */
    @Property(tries = 3000)
    void readsWhateverItWrote(@ForAll("graphs") Object value) {
        ValueCodec small = ValueLimitsTest.codec(ValueLimitsTest.SMALL);
        try {
            assertThat(small.decode(small.encode(value), LOADER)).isInstanceOf(Value.class);
        } catch (NotStorable e) {
            assertThat(e.reason().isLimit()).as(e.getMessage()).isTrue();
        }
    }

    @Property(tries = 200)
    void readsEveryChainThatItWrote(
            @ForAll @IntRange(min = 1, max = 1_200) int depth, @ForAll @IntRange(min = 1, max = 500) int limit) {
        ValueCodec limited = ValueLimitsTest.codec(new ValueLimits(limit, 10_000, 1 << 20));
        try {
            byte[] bytes = limited.encode(ValueLimitsTest.Node.chain(depth));
            assertThat(depth).isLessThanOrEqualTo(limit);
            assertThat(limited.decode(bytes, LOADER)).isInstanceOf(Value.class);
        } catch (NotStorable e) {
            assertThat(depth).isGreaterThan(limit);
        }
    }

    @Provide
    Arbitrary<Object> graphs() {
        return Arbitraries.randomValue(random -> graph(random, new ArrayList<>(), 2 + random.nextInt(28)));
    }

    private static Object graph(java.util.Random random, List<Object> made, int depth) {
        if (!made.isEmpty() && random.nextInt(8) == 0) {
            return made.get(random.nextInt(made.size()));
        }
        Object value = depth <= 0 ? leaf(random) : container(random, made, depth);
        made.add(value);
        return value;
    }

    private static Object leaf(java.util.Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "text" + random.nextInt(1000);
            case 1 -> random.nextInt();
            case 2 -> new byte[random.nextInt(random.nextInt(20) == 0 ? 1_500 : 20)];
            case 3 -> Thread.State.BLOCKED;
            default -> java.time.LocalDate.EPOCH;
        };
    }

    private static Object container(java.util.Random random, List<Object> made, int depth) {
        int size = random.nextInt(10) == 0 ? 1 + random.nextInt(30) : 1 + random.nextInt(2);
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(graph(random, made, i == 0 ? depth - 1 : random.nextInt(2)));
        }
        Map<String, Object> map = new TreeMap<>();
        items.forEach(item -> map.put("k" + map.size(), item));
        ValueLimitsTest.Node node = ValueLimitsTest.Node.chain(1);
        node.item = items.get(0);
        return switch (random.nextInt(9)) {
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
