package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UnsignedValueReaderTest {
    private static final ClassLoader LOADER = UnsignedValueReaderTest.class.getClassLoader();
    private static final ValueLimits LIMITS = new ValueLimits(300, 1000, 100_000);

    record Listed(String text) implements Serializable {}

    record Unlisted(String text) implements Serializable {}

    /** A proxy needs a handler that can be serialized. */
    private record Handler() implements InvocationHandler, Serializable {
        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            return "";
        }
    }

    private final UnsignedValueReader reader =
            new UnsignedValueReader(List.of(Listed.class.getName(), Handler.class.getName(), "groovy.lang.*"), LIMITS);

    private ValueCodec.Decoded decoded(Object value) throws IOException {
        return reader.decode(serialized(value), LOADER);
    }

    private static byte[] serialized(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    @Test
    void readsListedClassesAndThoseOfTheJdkThatAreValues() throws IOException {
        for (Object value : List.of(
                "text",
                42L,
                new Listed("a"),
                new ArrayList<>(List.of(new Listed("a"), Instant.now())),
                new TreeMap<>(Map.of("key", new int[] {1, 2})))) {
            assertThat(decoded(value)).isInstanceOf(ValueCodec.Value.class);
        }
        assertThat(decoded(new Listed("a"))).isEqualTo(new ValueCodec.Value(new Listed("a")));
    }

    @Test
    void refusesAllOtherClassesWhereverTheyAre() throws IOException {
        String name = Unlisted.class.getName();
        for (Object value : List.of(
                new Unlisted("a"), new ArrayList<>(List.of("a", new Unlisted("b"))), new Unlisted[] {}, new Object[] {
                    Map.of("key", new Unlisted("c"))
                })) {
            assertThat(decoded(value)).isEqualTo(new ValueCodec.Unreadable("the class " + name + " is not allowed"));
        }
        assertThat(decoded(URI.create("http://example.com"))).isInstanceOf(ValueCodec.Unreadable.class);
    }

    @Test
    void refusesProxiesBecauseTheirCallsRunWhateverTheirHandlerDoes() throws IOException {
        Object proxy = Proxy.newProxyInstance(LOADER, new Class<?>[] {Comparable.class}, new Handler());
        assertThat(decoded(proxy)).isInstanceOf(ValueCodec.Unreadable.class);
    }

    @Test
    void survivesEveryDamage() throws IOException {
        byte[] good = serialized(new ArrayList<>(List.of(new Listed("a"), "b")));
        for (int length = 0; length < good.length; length++) {
            assertThat(reader.decode(java.util.Arrays.copyOf(good, length), LOADER))
                    .isInstanceOf(ValueCodec.Unreadable.class);
        }
        assertThat(reader.decode(new byte[200_000], LOADER)).isInstanceOf(ValueCodec.Unreadable.class);
        Object deep = "x";
        for (int i = 0; i < 600; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        assertThat(decoded(deep)).isInstanceOf(ValueCodec.Unreadable.class);
        assertThat(decoded(new long[1_000_000])).isInstanceOf(ValueCodec.Unreadable.class);
    }
}
