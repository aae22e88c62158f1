package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.internal.serialization.NotStorableException.Reason;
import io.gatehouse.internal.serialization.ValueCodec.Decoded;
import io.gatehouse.internal.serialization.ValueCodec.Unreadable;
import io.gatehouse.internal.serialization.ValueCodec.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the limits of values: a written value can be read, and a rejected value is reported with its path and its limit. */
@SuppressWarnings({"JdkObsolete", "IdentityHashMapUsage"}) // applications have them in sessions
class ValueLimitsTest {
    private static final ClassLoader LOADER = ValueLimitsTest.class.getClassLoader();
    static final ValueLimits SMALL = new ValueLimits(20, 60, 1_200);
    private static final String NAME = ValueLimitsTest.class.getName();

    private final ValueCodec codec = codec(ValueLimits.DEFAULT);

    /** A linked list: each node is written inside its predecessor. */
    static final class Node implements Serializable {
        private static final long serialVersionUID = 1L;

        @Nullable
        Node next;

        @Nullable
        @SuppressWarnings("serial")
        Object item;

        static Node chain(int length) {
            Node first = new Node();
            Node last = first;
            for (int i = 1; i < length; i++) {
                last.next = new Node();
                last = last.next;
            }
            return first;
        }

        int length() {
            int length = 0;
            for (Node node = this; node != null; node = node.next) {
                length++;
            }
            return length;
        }
    }

    @Test
    void keepsAGraphThatIsTenThousandDeepOnASmallStack() throws Exception {
        for (int depth : List.of(600, 9_999, 10_000)) {
            assertThat(onStackOf(256 << 10, () -> ((Node) roundTrip(codec, Node.chain(depth))).length()))
                    .isEqualTo(depth);
        }
    }

    @Test
    void keepsCollectionsWithinCollectionsThatAreTenThousandDeep() throws Exception {
        Object value = "end";
        for (int i = 0; i < 9_990; i++) {
            value = switch (i % 5) {
                case 0 -> new ArrayList<>(Arrays.asList(value));
                case 1 -> new TreeMap<>(Map.of("k", value));
                case 2 -> new LinkedList<>(Arrays.asList(value));
                case 3 -> new HashMap<>(Map.of("k", value));
                default -> new Object[] {value};
            };
        }
        Object deep = value;
        Object back = onStackOf(512 << 10, () -> roundTrip(codec, deep));
        int levels = 0;
        while (!back.equals("end")) {
            back = inside(back);
            levels++;
        }
        assertThat(levels).isEqualTo(9_990);
    }

    private static Object inside(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.values().iterator().next();
        }
        return value instanceof List<?> list ? list.get(0) : ((Object[]) value)[0];
    }

    @Test
    void rejectsADeeperGraphWithItsPathAndTheLimit() {
        NotStorableException refused = refused(codec, Node.chain(10_001));
        assertThat(refused.reason()).isEqualTo(Reason.LIMIT_DEPTH);
        assertThat(refused)
                .hasMessageStartingWith(NAME + "$Node.next (" + NAME + "$Node).next")
                .hasMessageContaining(" levels ... ")
                .hasMessageEndingWith(" is nested deeper than 10000 levels");
        assertThat(refused.getMessage()).hasSizeLessThan(800);
        assertThat(refused(codec, Node.chain(300_000)).reason()).isEqualTo(Reason.LIMIT_DEPTH);
    }

    @Test
    void rejectsAValueOfTooManyBytesWithThePathToTheOffendingPart() {
        ValueCodec small = codec(SMALL);
        Node cart = Node.chain(3);
        cart.item = "fits";
        Map<String, Object> lines = new TreeMap<>();
        lines.put("a", "fits, too");
        lines.put("b", new byte[2_000]);
        cart.item = lines;
        NotStorableException refused = refused(small, cart);
        assertThat(refused.reason()).isEqualTo(Reason.LIMIT_SIZE);
        assertThat(refused)
                .hasMessage(NAME + "$Node.item (java.util.TreeMap) value ([B) is beyond the limit of 1200 bytes");
        for (Object plain :
                List.of("x".repeat(1_300), new byte[1_300], hashMapOf(400), new ArrayList<>(numbers(900)))) {
            assertThat(refused(small, plain).reason().isLimit())
                    .as(plain.getClass().getName())
                    .isTrue();
        }
    }

    private static Map<Object, Object> hashMapOf(int size) {
        Map<Object, Object> map = new HashMap<>();
        numbers(size).forEach(number -> map.put(number, number));
        return map;
    }

    private static List<Integer> numbers(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i + 1000);
        }
        return numbers;
    }

    @Test
    void writesARepeatedObjectOnceIfTheValueWouldBeTooLarge() {
        String text = "x".repeat(500);
        List<String> many = new ArrayList<>(List.of(text, text, text, text));
        assertThat(roundTrip(codec(SMALL), many)).isEqualTo(many);
    }

    @Test
    void rejectsAValueOfTooManyObjects() {
        NotStorableException refused = refused(codec(SMALL), numbers(61).toArray());
        assertThat(refused.reason()).isEqualTo(Reason.LIMIT_COUNT);
        assertThat(refused).hasMessage("[Ljava.lang.Object;[59] (java.lang.Integer) is beyond the limit of 60 objects");
    }

    @Test
    void readsCollectionsWhoseTablesExceedTheirContent() {
        ValueCodec tight = codec(new ValueLimits(20, 10_000, 40_000));
        Map<Object, Object> sparse = new HashMap<>(16, 0.01f);
        Set<Object> set = new HashSet<>(1 << 20, 0.01f);
        Map<Object, Object> identity = new IdentityHashMap<>(1 << 20);
        for (int i = 0; i < 300; i++) {
            sparse.put("key" + i, new Object[0]);
            set.add("item" + i);
            identity.put("key" + i, i);
        }
        for (Object value : List.of(sparse, set, identity, new PriorityQueue<>(numbers(1000)))) {
            Node holder = Node.chain(1);
            holder.item = value;
            assertThat(roundTrip(tight, holder)).isInstanceOf(Node.class);
        }
    }

    @Test
    void isUnreadableIfTheReaderHasLowerLimits() throws NotStorableException {
        assertThat(codec(SMALL).decode(codec.encode(Node.chain(100)), LOADER)).isInstanceOf(Unreadable.class);
        assertThat(codec(SMALL).decode(codec.encode("x".repeat(2_000)), LOADER))
                .isEqualTo(new Unreadable("it has more than 1200 bytes"));
    }

    @Test
    void isUnreadableIfAnArrayAnnouncesAnAbsurdLength() throws NotStorableException {
        byte[] bytes = codec.encode(new int[][] {{1, 2}});
        Node holder = Node.chain(1);
        holder.item = new long[] {1};
        for (byte[] stream : List.of(bytes, codec.encode(holder))) {
            for (int at = 0; at + 4 <= stream.length; at++) {
                byte[] broken = stream.clone();
                broken[at] = 0x7f;
                broken[at + 1] = (byte) 0xff;
                broken[at + 2] = (byte) 0xff;
                broken[at + 3] = (byte) 0xff;
                Decoded decoded = codec.decode(broken, LOADER); // never throws, not even OutOfMemoryError
                assertThat(decoded).isNotNull();
            }
        }
    }

    private static <T> T onStackOf(long bytes, java.util.concurrent.Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        new Thread(null, future, "small stack", bytes).start();
        return future.get(60, TimeUnit.SECONDS);
    }

    static NotStorableException refused(ValueCodec codec, Object value) {
        return catchThrowableOfType(NotStorableException.class, () -> codec.encode(value));
    }

    static Object roundTrip(ValueCodec codec, Object value) {
        try {
            Decoded decoded = codec.decode(codec.encode(value), LOADER);
            assertThat(decoded).isInstanceOf(Value.class);
            return ((Value) decoded).value();
        } catch (NotStorableException e) {
            throw new AssertionError(e);
        }
    }

    static ValueCodec codec(ValueLimits limits) {
        return new ValueCodec(null, Set.of(), ClassPolicy.anyButGadgets(), limits);
    }
}
