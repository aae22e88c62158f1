package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.internal.serialization.NotStorableException.Reason;
import io.gatehouse.internal.serialization.ValueCodec.Value;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests which kinds of classes can be values, as compatibility.md lists them, with any class and with listed classes only. */
class ValueKindsTest {
    private static final ClassLoader LOADER = ValueKindsTest.class.getClassLoader();
    private static final String NAME = ValueKindsTest.class.getName();

    private final ValueCodec any = codec(ClassPolicy.anyButGadgets());
    private final ValueCodec listed = codec(ClassPolicy.only(List.of("io.gatehouse.internal.serialization.*")));

    /** Serializes itself. */
    public static final class External implements Externalizable {
        private static final long serialVersionUID = 1L;
        private String text = "";
        private @Nullable Object inside;

        @SuppressWarnings("unused") // called by deserialization
        public External() {}

        External(String text, @Nullable Object inside) {
            this.text = text;
            this.inside = inside;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeUTF(text);
            out.writeObject(inside);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            text = in.readUTF();
            inside = in.readObject();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof External that && text.equals(that.text) && Objects.equals(inside, that.inside);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    @Test
    void keepsExternalizableObjects() {
        External value = new External("a", new External("b", List.of(1)));
        assertThat(roundTrip(any, value)).isEqualTo(value);
        assertThat(roundTrip(listed, value)).isEqualTo(value);
    }

    /** Java serialization writes it without complaint and can never read it. */
    public static final class NoConstructor implements Externalizable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused")
        NoConstructor(int used) {}

        @Override
        public void writeExternal(ObjectOutput out) {}

        @Override
        public void readExternal(ObjectInput in) {}
    }

    static class Base {
        final int number;

        Base(int number) {
            this.number = number;
        }
    }

    static final class Derived extends Base implements Serializable {
        private static final long serialVersionUID = 1L;

        Derived() {
            super(1);
        }
    }

    @Test
    void rejectsObjectsThatJavaSerializationCouldNotReadBack() {
        NotStorableException external = refused(new ArrayList<>(List.of("x", new NoConstructor(1))));
        assertThat(external.reason()).isEqualTo(Reason.NOT_SERIALIZABLE);
        assertThat(external)
                .hasMessage("java.util.ArrayList[1] (" + NAME + "$NoConstructor) could not be read back: " + NAME
                        + "$NoConstructor is Externalizable and has no public constructor without parameters");
        assertThat(refused(new Derived()))
                .hasMessage(NAME + "$Derived could not be read back: " + NAME
                        + "$Base, which is not serializable and a superclass of " + NAME
                        + "$Derived, has no constructor without parameters that the subclass may call");
    }

    record Point(int x, @Nullable Object y) implements Serializable {}

    @Test
    void keepsRecords() {
        Point value = new Point(1, new Point(2, Map.of("a", 1)));
        assertThat(roundTrip(any, value)).isEqualTo(value);
        assertThat(roundTrip(listed, value)).isEqualTo(value);
    }

    enum Operation {
        PLUS {
            @Override
            int of(int a, int b) {
                return a + b;
            }
        },
        MINUS {
            @Override
            int of(int a, int b) {
                return a - b;
            }
        };

        abstract int of(int a, int b);
    }

    @Test
    void keepsEnumsWithBodiesAsTheSameConstants() {
        for (ValueCodec codec : List.of(any, listed)) {
            assertThat(roundTrip(codec, Operation.PLUS)).isSameAs(Operation.PLUS);
            Map<Operation, Object> map = new EnumMap<>(Map.of(Operation.MINUS, EnumSet.allOf(Operation.class)));
            assertThat(roundTrip(codec, map)).isEqualTo(map);
        }
    }

    interface Rule extends Function<Integer, Integer>, Serializable {}

    private static int twice(int number) {
        return 2 * number;
    }

    @SuppressWarnings("serial") // javac warns of private methods in packages named "internal"
    @Test
    void keepsLambdasAndMethodReferencesOfSerializableInterfaces() {
        int captured = 40;
        Rule lambda = number -> number + captured;
        Rule reference = ValueKindsTest::twice;
        for (ValueCodec codec : List.of(
                any, codec(ClassPolicy.only(List.of("io.gatehouse.internal.serialization.*", "java.lang.invoke.*"))))) {
            assertThat(((Rule) roundTrip(codec, lambda)).apply(2)).isEqualTo(42);
            assertThat(((Rule) roundTrip(codec, reference)).apply(2)).isEqualTo(4);
        }
        Comparator<String> comparator = Comparator.comparing((Function<String, Integer> & Serializable) String::length);
        assertThat(((Comparator<?>) roundTrip(any, comparator))).isNotNull();
        assertThat(catchThrowableOfType(NotStorableException.class, () -> listed.encode(lambda))
                        .reason())
                .isEqualTo(Reason.CLASS_NOT_ALLOWED);
    }

    @Test
    void rejectsOtherLambdas() {
        Supplier<String> lambda = () -> "x";
        NotStorableException refused = refused(new Object[] {1, lambda});
        assertThat(refused.reason()).isEqualTo(Reason.NOT_SERIALIZABLE);
        assertThat(refused).hasMessageStartingWith("[Ljava.lang.Object;[1] (" + NAME + "$$Lambda");
    }

    @SuppressWarnings("ClassCanBeStatic") // an inner class is what is tested
    private final class Inner implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    static final class Outer implements Serializable {
        private static final long serialVersionUID = 1L;
        int number = 7;

        final class Part implements Serializable {
            private static final long serialVersionUID = 1L;

            int outer() {
                return number;
            }
        }
    }

    @Test
    void keepsInnerClassesOfSerializableObjectsOnly() {
        assertThat(((Outer.Part) roundTrip(any, new Outer().new Part())).outer())
                .isEqualTo(7);
        assertThat(refused(new Inner())).hasMessage(NAME + "$Inner.this$0 (" + NAME + ") is not serializable");
    }

    @Test
    void keepsArraysAndClassObjects() {
        Object[] arrays = {
            new int[][] {{1}, {}},
            new String[] {"a", null},
            new Point[][] {{new Point(1, null)}},
            new Point[0],
            int.class,
            int[].class,
            void.class,
            Point.class,
            Point[].class,
            Rule.class,
            Operation.PLUS.getDeclaringClass(),
            Thread.class
        };
        assertThat(roundTrip(any, arrays)).isEqualTo(arrays);
        assertThat(roundTrip(listed, arrays)).isEqualTo(arrays);
        assertThat(roundTrip(any, int.class)).isEqualTo(int.class);
    }

    @Test
    void keepsViewsAndUnmodifiableCollections() {
        List<Object> values = List.of(
                Collections.unmodifiableMap(new HashMap<>(Map.of("a", 1))),
                Collections.synchronizedList(new ArrayList<>(List.of(1))),
                Collections.emptyList(),
                Collections.singletonMap("a", 1),
                Arrays.asList("a", "b"),
                Collections.nCopies(3, "a"),
                List.of(),
                Set.of(1, 2, 3),
                Map.of("a", 1, "b", 2));
        for (Object value : values) {
            assertThat(roundTrip(any, value)).as(value.getClass().getName()).isEqualTo(value);
            assertThat(roundTrip(listed, value)).as(value.getClass().getName()).isEqualTo(value);
        }
    }

    private NotStorableException refused(Object value) {
        return catchThrowableOfType(NotStorableException.class, () -> any.encode(value));
    }

    static Object roundTrip(ValueCodec codec, Object value) {
        try {
            ValueCodec.Decoded decoded = codec.decode(codec.encode(value), LOADER);
            assertThat(decoded).isInstanceOf(Value.class);
            return ((Value) decoded).value();
        } catch (NotStorableException e) {
            throw new AssertionError(e);
        }
    }

    static ValueCodec codec(ClassPolicy policy) {
        return new ValueCodec(null, Set.of(), policy, ValueLimits.DEFAULT);
    }
}
