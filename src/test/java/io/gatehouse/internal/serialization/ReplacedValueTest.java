package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests values that are replaced by other objects in the stream. */
class ReplacedValueTest {
    private final ValueCodec any = ValueKindsTest.codec(ClassPolicy.anyButGadgets());

    /** The serialization proxy of {@link Replaced}, as in "Effective Java". */
    private record Proxy(String text) implements Serializable {
        private Object readResolve() {
            return new Replaced(text);
        }
    }

    private static final class Replaced implements Serializable {
        private static final long serialVersionUID = 1L;
        private final transient String text;

        Replaced(String text) {
            this.text = text;
        }

        private Object writeReplace() {
            return new Proxy(text);
        }

        private void readObject(ObjectInputStream in) throws InvalidObjectException {
            throw new InvalidObjectException("only by proxy");
        }
    }

    @Test
    void keepsAProxiedValueEvenIfOnlyTheProxyIsListed() {
        ValueCodec narrow = ValueKindsTest.codec(ClassPolicy.only(List.of(Proxy.class.getName())));
        for (ValueCodec codec : List.of(any, narrow)) {
            assertThat(((Replaced) ValueKindsTest.roundTrip(codec, new Replaced("x"))).text)
                    .isEqualTo("x");
        }
    }

    /** Resolves to an array, whose class is not in the stream. */
    private record ArrayMaker(int length) implements Serializable {
        private Object readResolve() {
            return new ValueKindsTest.Point[length];
        }
    }

    @Test
    void keepsAValueThatResolvesToAnArray() {
        assertThat(ValueKindsTest.roundTrip(any, new ArrayMaker(3))).isEqualTo(new ValueKindsTest.Point[3]);
    }
}
