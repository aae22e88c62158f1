package io.gatehouse.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.values.ByteReader.Malformed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Plain values, written and read. */
class PlainCodecTest {

    @Property(tries = 2000)
    void givesBackTheValueOfTheSameClass(@ForAll("plain") Object generated) {
        Object value = copy(generated);
        ByteWriter out = new ByteWriter();
        assertThat(PlainCodec.write(value, out)).isTrue();
        Object back = PlainCodec.read(new ByteReader(out.toBytes()));
        assertThat(back).isEqualTo(value).hasSameClassAs(value);
    }

    @Property(tries = 500)
    void theSameContentGivesTheSameBytes(@ForAll("plain") Object generated) {
        Object value = copy(generated);
        ByteWriter first = new ByteWriter();
        assertThat(PlainCodec.write(value, first)).isTrue();
        ByteWriter second = new ByteWriter();
        Object back = PlainCodec.read(new ByteReader(first.toBytes()));
        assertThat(back != null && PlainCodec.write(back, second)).isTrue();
        assertThat(second.toBytes()).isEqualTo(first.toBytes());
    }

    @Property(tries = 2000)
    void anyBytesGiveAValueOrMalformedAndNothingElse(@ForAll byte[] bytes) {
        try {
            PlainCodec.read(new ByteReader(bytes));
        } catch (Malformed | ArithmeticException | NumberFormatException | java.time.DateTimeException e) {
            assertThat(e).isNotNull(); // what the codec above turns into "unreadable"
        }
    }

    /** The generator may use one object in two places, which is not plain any more. */
    private static Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = map.getClass() == HashMap.class ? new HashMap<>() : new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(copy(key), item));
            return copy;
        }
        if (value instanceof Collection<?> items) {
            Collection<Object> copy = items instanceof LinkedHashSet
                    ? new LinkedHashSet<>()
                    : items instanceof HashSet ? new HashSet<>() : new ArrayList<>();
            items.forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return value;
    }

    @Provide
    Arbitrary<Object> plain() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                Arbitraries.of(true, false),
                Arbitraries.bytes(),
                Arbitraries.shorts(),
                Arbitraries.integers(),
                Arbitraries.longs(),
                Arbitraries.floats(),
                Arbitraries.doubles(),
                Arbitraries.chars(),
                Arbitraries.strings().alpha(),
                Arbitraries.of("", "\u0000", "ß€😀", "a".repeat(1000)),
                Arbitraries.of(
                        Instant.EPOCH, Instant.parse("1901-01-01T00:00:00.000000001Z"), Instant.MAX, Instant.MIN),
                Arbitraries.create(UUID::randomUUID),
                Arbitraries.bigIntegers(),
                Arbitraries.bigDecimals(),
                Arbitraries.of(BigInteger.ONE.shiftLeft(200), new BigDecimal("1E-1000")));
        Arbitrary<Object> flat = Arbitraries.oneOf(leaves, containers(leaves));
        return Arbitraries.oneOf(flat, containers(flat));
    }

    private static Arbitrary<Object> containers(Arbitrary<Object> items) {
        return Arbitraries.oneOf(
                items.list().ofMaxSize(4).map(ArrayList::new),
                items.list().ofMaxSize(4).map(HashSet::new),
                items.list().ofMaxSize(4).map(LinkedHashSet::new),
                items.list().ofMaxSize(4).map(all -> mapOf(all, new HashMap<>())),
                items.list().ofMaxSize(4).map(all -> mapOf(all, new LinkedHashMap<>())));
    }

    private static Object mapOf(List<Object> items, Map<Object, Object> into) {
        items.forEach(item -> into.put(item, items.size()));
        return into;
    }

    @Test
    void keepsNullsInsideCollections() {
        Map<Object, Object> map = new HashMap<>();
        map.put(null, new ArrayList<>(Arrays.asList(null, 1)));
        assertThat(roundTrip(map)).isEqualTo(map);
    }

    @Test
    void keepsBytes() {
        assertThat((byte[]) roundTrip(new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    }

    @Test
    void leavesWhatItWouldChangeToOthers() {
        List<Object> self = new ArrayList<>();
        self.add(self);
        List<Object> shared = new ArrayList<>();
        List<Object> twice = new ArrayList<>(List.of(shared, shared));
        List<Object> deep = new ArrayList<>();
        List<Object> inner = deep;
        for (int i = 0; i < 100; i++) {
            List<Object> next = new ArrayList<>();
            inner.add(next);
            inner = next;
        }
        for (Object value : List.of(self, twice, deep, List.of(1), new TreeMap<>(), "half \ud83d", new Thread())) {
            assertThat(PlainCodec.write(value, new ByteWriter()))
                    .as(value.getClass().getName())
                    .isFalse();
        }
    }

    @Test
    void refusesLengthsThatWouldEatAllMemory() {
        byte[] bytes = new ByteWriter().octet(20).number(Integer.MAX_VALUE).toBytes();
        assertThatThrownBy(() -> PlainCodec.read(new ByteReader(bytes))).isInstanceOf(Malformed.class);
    }

    private static Object roundTrip(Object value) {
        ByteWriter out = new ByteWriter();
        assertThat(PlainCodec.write(value, out)).isTrue();
        Object back = PlainCodec.read(new ByteReader(out.toBytes()));
        if (back == null) {
            throw new AssertionError("nothing came back");
        }
        return back;
    }
}
