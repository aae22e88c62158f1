package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.serialization.ByteReader.MalformedException;
import io.gatehouse.testing.Cases;
import io.gatehouse.testing.Draws;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tests encoding and decoding of compact values. */
class CompactCodecTest {

    @Test
    void decodesAValueOfTheSameClass() {
        Cases.seeded(4000, draws -> {
            Object value = plain(draws);
            ByteWriter out = new ByteWriter();
            assertThat(CompactCodec.write(value, out)).isTrue();
            Object back = CompactCodec.read(new ByteReader(out.toBytes()));
            assertThat(back).isEqualTo(value).hasSameClassAs(value);
        });
    }

    @Test
    void equalContentGivesEqualBytes() {
        Cases.seeded(2000, draws -> {
            Object value = plain(draws);
            ByteWriter first = new ByteWriter();
            assertThat(CompactCodec.write(value, first)).isTrue();
            ByteWriter second = new ByteWriter();
            Object back = CompactCodec.read(new ByteReader(first.toBytes()));
            assertThat(back != null && CompactCodec.write(back, second)).isTrue();
            assertThat(second.toBytes()).isEqualTo(first.toBytes());
        });
    }

    @Test
    void arbitraryBytesGiveAValueOrMalformed() {
        Cases.seeded(5000, draws -> {
            try {
                CompactCodec.read(new ByteReader(draws.bytes()));
            } catch (MalformedException | ArithmeticException | NumberFormatException | java.time.DateTimeException e) {
                assertThat(e).isNotNull(); // ValueCodec reports it as unreadable
            }
        });
    }

    private static Object plain(Draws draws) {
        Supplier<Object> flat = () -> draws.flag() ? leaf(draws) : container(draws, () -> leaf(draws));
        return draws.flag() ? flat.get() : container(draws, flat);
    }

    /** Returns a new object each time, because an object that occurs twice is not encoded compactly. */
    private static Object leaf(Draws draws) {
        return switch (draws.below(15)) {
            case 0 -> draws.flag();
            case 1 -> (byte) draws.wholeInt();
            case 2 -> (short) draws.wholeInt();
            case 3 -> draws.wholeInt();
            case 4 -> draws.wholeLong();
            case 5 -> (float) draws.real();
            case 6 -> draws.real();
            case 7 -> (char) draws.wholeInt();
            case 8 -> draws.letters();
            case 9 -> draws.of(List.of("", "\u0000", "ß€😀", "a".repeat(1000)));
            case 10 ->
                draws.of(List.of(
                        Instant.EPOCH, Instant.parse("1901-01-01T00:00:00.000000001Z"), Instant.MAX, Instant.MIN));
            case 11 -> new UUID(draws.wholeLong(), draws.wholeLong());
            case 12 -> new BigInteger(draws.below(300), new Random(draws.seed())).negate();
            case 13 -> new BigDecimal(BigInteger.valueOf(draws.wholeLong()), draws.below(2000) - 1000);
            default -> draws.of(List.of(BigInteger.ONE.shiftLeft(200), new BigDecimal("1E-1000")));
        };
    }

    private static Object container(Draws draws, Supplier<Object> item) {
        List<Object> items = draws.list(4, item);
        return switch (draws.below(5)) {
            case 0 -> new ArrayList<>(items);
            case 1 -> new HashSet<>(items);
            case 2 -> new LinkedHashSet<>(items);
            case 3 -> mapOf(items, new HashMap<>());
            default -> mapOf(items, new LinkedHashMap<>());
        };
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
    void declinesValuesThatItWouldChange() {
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
            assertThat(CompactCodec.write(value, new ByteWriter()))
                    .as(value.getClass().getName())
                    .isFalse();
        }
    }

    @Test
    void rejectsLengthsThatWouldExhaustTheMemory() {
        byte[] bytes = new ByteWriter().octet(20).number(Integer.MAX_VALUE).toBytes();
        assertThatThrownBy(() -> CompactCodec.read(new ByteReader(bytes))).isInstanceOf(MalformedException.class);
    }

    private static Object roundTrip(Object value) {
        ByteWriter out = new ByteWriter();
        assertThat(CompactCodec.write(value, out)).isTrue();
        Object back = CompactCodec.read(new ByteReader(out.toBytes()));
        if (back == null) {
            throw new AssertionError("the value was not encoded");
        }
        return back;
    }
}
