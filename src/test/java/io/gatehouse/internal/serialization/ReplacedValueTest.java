package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that stand for others in streams. */
class ReplacedValueTest {
    private final ValueCodec any = ValueKindsTest.codec(ClassPolicy.anyButGadgets());

    /** Stands for {@link Replaced} in streams, as "Effective Java" has it. */
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
    void keepsWhatAProxyStandsForAlsoIfOnlyTheProxyIsListed() {
        ValueCodec narrow = ValueKindsTest.codec(ClassPolicy.only(List.of(Proxy.class.getName())));
        for (ValueCodec codec : List.of(any, narrow)) {
            assertThat(((Replaced) ValueKindsTest.roundTrip(codec, new Replaced("x"))).text)
                    .isEqualTo("x");
        }
    }

    /** Resolves to an array, whose class is in no stream. */
    private record ArrayMaker(int length) implements Serializable {
        private Object readResolve() {
            return new ValueKindsTest.Point[length];
        }
    }

    @Test
    void keepsWhatResolvesToAnArray() {
        assertThat(ValueKindsTest.roundTrip(any, new ArrayMaker(3))).isEqualTo(new ValueKindsTest.Point[3]);
    }
}
