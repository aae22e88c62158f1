package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.serialization.ValueCodec.Unreadable;
import io.gatehouse.internal.serialization.ValueCodec.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests encoding and decoding of values, and bytes that must never be decoded. */
class ValueCodecTest {
    private static final ClassLoader LOADER = ValueCodecTest.class.getClassLoader();

    private final ValueCodec codec = codec(ClassPolicy.anyButGadgets());

    /** Counts how often it is deserialized. */
    static final class CountingValue implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicInteger count = new AtomicInteger();

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            count.incrementAndGet();
            in.defaultReadObject();
        }
    }

    record Line(String name, int count, Map<String, Locale> locales) implements Serializable {}

    @Test
    void keepsCommonSessionAttributes() {
        PriorityQueue<String> queue = new PriorityQueue<>(Comparator.naturalOrder());
        queue.add("b");
        queue.add("a");
        Map<String, Object> everything = new TreeMap<>();
        everything.put("record", new Line("x", 2, new HashMap<>(Map.of("de", Locale.GERMAN))));
        everything.put("enum", Thread.State.RUNNABLE);
        everything.put("array", new int[][] {{1}, {2, 3}});
        everything.put("objects", new Object[] {"a", 1, List.of("b")});
        everything.put("concurrent", new ConcurrentHashMap<>(Map.of("k", "v")));
        everything.put("class", String.class);
        everything.put("date", java.time.LocalDate.of(2026, 11, 23));
        everything.put("immutable", Map.of("k", Set.of(1)));
        everything.put("queue", new ArrayList<>(queue));
        Value back = (Value) codec.decode(encode(everything), LOADER);
        assertThat(back.value()).usingRecursiveComparison().isEqualTo(everything);
        Value queueBack = (Value) codec.decode(encode(queue), LOADER);
        assertThat(((PriorityQueue<?>) queueBack.value()).poll()).isEqualTo("a");
    }

    @Test
    void storesRegisteredTypesAsJson() {
        Locale value = Locale.FRENCH;
        ValueCodec json = new ValueCodec(
                new LocaleJson(), Set.of("java.util.Locale"), ClassPolicy.anyButGadgets(), ValueLimits.DEFAULT);
        byte[] bytes = encode(json, value);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).endsWith("{\"fr\"}");
        assertThat(json.decode(bytes, LOADER)).isEqualTo(new Value(value));
        assertThat(codec.decode(bytes, LOADER)).isInstanceOf(Unreadable.class);
    }

    private static final class LocaleJson implements JsonMapper {
        @Override
        public byte[] toJson(Object value) {
            return ("{\"" + value + "\"}").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object fromJson(byte[] json, Class<?> type) {
            return Locale.forLanguageTag(new String(json, StandardCharsets.UTF_8).replaceAll("[^a-z]", ""));
        }
    }

    @Test
    void neverInstantiatesAClassThatTheWriterDidNotName() throws IOException {
        CountingValue.count.set(0);
        byte[] honest = encode(new CountingValue());
        assertThat(codec.decode(honest, LOADER)).isInstanceOf(Value.class);
        assertThat(CountingValue.count).hasValue(1);

        byte[] slippedIn = new ByteWriter()
                .octet(3)
                .number(1)
                .text("java.util.Date")
                .raw(serialized(new CountingValue()))
                .toBytes();
        assertThat(codec.decode(slippedIn, LOADER)).isInstanceOf(Unreadable.class);
        byte[] insideAList = new ByteWriter()
                .octet(3)
                .number(1)
                .text("java.util.ArrayList")
                .raw(serialized(new ArrayList<>(List.of(new CountingValue()))))
                .toBytes();
        assertThat(codec.decode(insideAList, LOADER)).isInstanceOf(Unreadable.class);
        byte[] asAnArray = new ByteWriter()
                .octet(3)
                .number(0)
                .raw(serialized(new CountingValue[] {new CountingValue()}))
                .toBytes();
        assertThat(codec.decode(asAnArray, LOADER)).isInstanceOf(Unreadable.class);
        assertThat(CountingValue.count).hasValue(1);
    }

    @Test
    void neverInstantiatesAKnownGadgetEvenIfItIsNamed() throws IOException {
        Object gadget = new javax.management.BadAttributeValueExpException(null);
        assertThatThrownBy(() -> codec.encode(gadget))
                .isInstanceOf(NotStorableException.class)
                .hasMessageContaining("BadAttributeValueExpException");
        ByteWriter signed = new ByteWriter().octet(3).number(3);
        signed.text(gadget.getClass().getName()).text("java.lang.Exception").text("java.lang.Throwable");
        assertThat(codec.decode(signed.raw(serialized((Serializable) gadget)).toBytes(), LOADER))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void admitsOnlyListedClassesIfTheConfigurationSaysSo() {
        CountingValue.count.set(0);
        ValueCodec listed = codec(ClassPolicy.only(List.of("com.acme.**", Line.class.getName())));
        assertThat(listed.decode(encode(listed, new Line("x", 1, new HashMap<>())), LOADER))
                .isInstanceOf(Value.class);
        assertThatThrownBy(() -> listed.encode(new CountingValue()))
                .isInstanceOf(NotStorableException.class)
                .hasMessageContaining("ValueCodecTest$CountingValue, a class that is not allowed in sessions");
        assertThat(listed.decode(encode(new CountingValue()), LOADER)).isInstanceOf(Unreadable.class);
        assertThat(CountingValue.count).hasValue(0);
    }

    interface Greeter extends Serializable {
        String greet();
    }

    private static final class Handler implements java.lang.reflect.InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            return "hello";
        }
    }

    @Test
    void keepsProxiesOfInterfacesThatTheWriterNamed() {
        Greeter greeter = (Greeter) Proxy.newProxyInstance(LOADER, new Class<?>[] {Greeter.class}, new Handler());
        Value back = (Value) codec.decode(encode(greeter), LOADER);
        assertThat(((Greeter) back.value()).greet()).isEqualTo("hello");
    }

    @Test
    void isUnreadableIfAClassIsMissing() {
        byte[] bytes = encode(new Line("x", 1, new HashMap<>()));
        ClassLoader without = new ClassLoader(null) {};
        assertThat(codec.decode(bytes, without)).isEqualTo(new Unreadable("ClassNotFoundException"));
    }

    @Test
    void isUnreadableForAnyDamageOfTheBytes() {
        byte[] bytes = encode(new Line("x", 1, new HashMap<>(Map.of("a", Locale.ROOT))));
        for (int length = 0; length < bytes.length; length++) {
            assertThat(codec.decode(java.util.Arrays.copyOf(bytes, length), LOADER))
                    .isInstanceOf(Unreadable.class);
        }
    }

    private static final class Shop implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused")
        private final List<Object> carts = new ArrayList<>();
    }

    private static final class Cart implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"unused", "serial"})
        private final Object connection = new Object();
    }

    @Test
    void namesThePartOfAValueThatCannotBeStored() {
        Shop shop = new Shop();
        shop.carts.add("fine");
        shop.carts.add(new HashMap<>(Map.of("k", new Cart())));
        String name = ValueCodecTest.class.getName();
        assertThatThrownBy(() -> codec.encode(shop))
                .isInstanceOf(NotStorableException.class)
                .hasMessage(name + "$Shop.carts (java.util.ArrayList)[1] (java.util.HashMap) value (" + name
                        + "$Cart).connection (java.lang.Object) is not serializable");
    }

    @Test
    void recognizesImmutableValues() {
        assertThat(List.of("a", 1, 2L, Thread.State.NEW, java.time.LocalDate.EPOCH, java.util.UUID.randomUUID()))
                .allMatch(ValueCodec::isImmutable);
        assertThat(List.of(new ArrayList<>(), new byte[0], new java.util.BitSet(), List.of()))
                .noneMatch(ValueCodec::isImmutable);
    }

    private byte[] encode(Object value) {
        return encode(codec, value);
    }

    private static byte[] encode(ValueCodec codec, Object value) {
        try {
            return codec.encode(value);
        } catch (NotStorableException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] serialized(Serializable value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(Objects.requireNonNull(value));
        }
        return bytes.toByteArray();
    }

    private static ValueCodec codec(ClassPolicy policy) {
        return new ValueCodec(null, Set.of(), policy, ValueLimits.DEFAULT);
    }
}
