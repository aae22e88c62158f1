package io.gatehouse.internal.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.serialization.NotStorableException.Reason;
import io.gatehouse.internal.serialization.ValueCodec.Unreadable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests on which thread the code of values runs, and the handling of its exceptions and errors. */
class ValueThreadsTest {
    private static final ClassLoader LOADER = ValueThreadsTest.class.getClassLoader();
    private static final String NAME = ValueThreadsTest.class.getName();

    private final ValueCodec codec = ValueLimitsTest.codec(ValueLimits.DEFAULT);

    /** Fails in its own code with a chosen exception or error. */
    static final class Fragile implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicReference<@Nullable Throwable> writing = new AtomicReference<>();
        static final AtomicReference<@Nullable Throwable> reading = new AtomicReference<>();

        private void writeObject(ObjectOutputStream out) throws IOException {
            fail(writing.get());
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            fail(reading.get());
            in.defaultReadObject();
        }

        private static void fail(@Nullable Throwable with) throws IOException {
            if (with instanceof Error error) {
                throw error;
            }
            if (with instanceof RuntimeException exception) {
                throw exception;
            }
            if (with instanceof IOException exception) {
                throw exception;
            }
        }
    }

    @Test
    void anErrorInTheCodeOfAValueMakesTheValueNotStorable() throws NotStorableException {
        byte[] bytes = codec.encode(new Fragile());
        try {
            for (Throwable error : List.of(
                    new StackOverflowError(),
                    new NoClassDefFoundError("x"),
                    new AssertionError(),
                    new IOException("secret 4711"))) {
                Fragile.writing.set(error);
                NotStorableException refused = ValueLimitsTest.refused(codec, new Fragile());
                assertThat(refused.reason()).isEqualTo(Reason.FAILED);
                assertThat(refused)
                        .hasMessageStartingWith(NAME + "$Fragile failed while it was written: ")
                        .hasMessageNotContaining("4711");
            }
            Fragile.writing.set(new IllegalStateException("mine"));
            assertThatThrownBy(() -> codec.encode(new Fragile())).hasMessage("mine");
            for (Throwable fault : List.of(
                    new StackOverflowError(),
                    new OutOfMemoryError(),
                    new NoClassDefFoundError(),
                    new AssertionError(),
                    new IllegalStateException(),
                    new IOException())) {
                Fragile.reading.set(fault);
                assertThat(codec.decode(bytes, LOADER)).isInstanceOf(Unreadable.class);
            }
        } finally {
            Fragile.writing.set(null);
            Fragile.reading.set(null);
        }
    }

    /** Records the thread on which its code runs. */
    static final class Witness implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicReference<@Nullable Thread> wrote = new AtomicReference<>();
        static final AtomicReference<@Nullable Thread> read = new AtomicReference<>();
        static final AtomicReference<@Nullable ClassLoader> context = new AtomicReference<>();

        private void writeObject(ObjectOutputStream out) throws IOException {
            wrote.set(Thread.currentThread());
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            read.set(Thread.currentThread());
            context.set(Thread.currentThread().getContextClassLoader());
            in.defaultReadObject();
        }
    }

    @Test
    void shallowValuesAreWrittenAndReadOnTheCallersThread() {
        ValueLimitsTest.Node value = ValueLimitsTest.Node.chain(JavaSerializationCodec.SHALLOW - 10);
        value.item = new Object[] {
            new Witness(),
            ValueLimitsTest.Node.chain(100),
            ValueLimitsTest.Node.chain(100),
            ValueLimitsTest.Node.chain(100)
        };
        ValueLimitsTest.roundTrip(codec, value);
        assertThat(Witness.wrote.get()).isSameAs(Thread.currentThread());
        assertThat(Witness.read.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void deepValuesAreReadWithTheContextClassLoaderOfTheCaller() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassLoader mine = new ClassLoader(LOADER) {};
        try {
            Thread.currentThread().setContextClassLoader(mine);
            ValueLimitsTest.Node value = ValueLimitsTest.Node.chain(3_000);
            value.item = new Witness();
            ValueLimitsTest.roundTrip(codec, value);
            assertThat(Witness.context.get()).isSameAs(mine);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Needs a lock of the application while it is written. */
    static final class Locked implements Serializable {
        private static final long serialVersionUID = 1L;
        static final Object LOCK = new Object();

        private void writeObject(ObjectOutputStream out) throws IOException {
            synchronized (LOCK) {
                out.defaultWriteObject();
            }
        }
    }

    @Test
    void aDeepValueThatNeedsALockOfItsCallerDoesNotBlockForever() {
        ValueLimitsTest.Node value = ValueLimitsTest.Node.chain(400);
        value.item = new Locked();
        synchronized (Locked.LOCK) {
            assertThat(ValueLimitsTest.roundTrip(codec, value)).isInstanceOf(ValueLimitsTest.Node.class);
        }
    }

    @Test
    void anInterruptedCallerStaysInterrupted() {
        Thread.currentThread().interrupt();
        Object back = ValueLimitsTest.roundTrip(codec, ValueLimitsTest.Node.chain(5_000));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(((ValueLimitsTest.Node) back).length()).isEqualTo(5_000);
    }
}
