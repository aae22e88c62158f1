package io.gatehouse.internal.serialization;

import io.gatehouse.internal.serialization.ByteReader.Malformed;
import io.gatehouse.internal.serialization.DeepStack.NoThread;
import io.gatehouse.internal.serialization.NotStorableException.Reason;
import io.gatehouse.internal.serialization.SerialOutput.Stop;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Java serialization for what else applications put into sessions. The writer notes the classes it wrote, in front of the
 * stream and under the same signature; the reader admits exactly those and what {@link ClassPolicy} does not refuse, so that
 * an application works as it is and a stream that was slipped in is never instantiated.
 *
 * <p>Java serialization recurses. Values up to {@link #SHALLOW} levels deep are written and read on the caller's thread, where
 * application code finds its thread locals. The attempt at a deeper one is stopped before the stack overflows and repeated
 * on a thread whose stack is large enough ({@link DeepStack}); only if that thread would need a lock that the caller holds, the
 * caller's own stack has to do. Safe for use by several threads.
 */
final class JavaSerializationCodec {
    /** A level was seen to take about 1 KB of stack; request threads have 512 KB or more, of which the server uses some. */
    static final int SHALLOW = 200;

    private final ClassPolicy policy;
    private final ValueLimits limits;

    JavaSerializationCodec(ClassPolicy policy, ValueLimits limits) {
        this.policy = policy;
        this.limits = limits;
    }

    /** Thrown inside: the value needs a larger stack than the caller's. */
    private static final class TooDeepHere extends Exception {
        private static final long serialVersionUID = 1L;

        TooDeepHere() {
            super("", null, false, false);
        }
    }

    void write(Object value, ByteWriter out) throws NotStorableException {
        SerialOutput stream = written(value);
        String refused = policy.firstRefused(stream.classes());
        if (refused != null) {
            throw new NotStorableException(
                    Reason.CLASS_NOT_ALLOWED, refused + ", a class that is not allowed in sessions");
        }
        out.number(stream.classes().size());
        stream.classes().forEach(out::text);
        out.raw(stream.bytes());
    }

    private SerialOutput written(Object value) throws NotStorableException {
        try {
            return write(value, SHALLOW);
        } catch (TooDeepHere e) {
            return writtenDeep(value);
        }
    }

    private SerialOutput writtenDeep(Object value) throws NotStorableException {
        try {
            return DeepStack.call(limits.stackBytes(), () -> write(value, limits.depth()));
        } catch (NoThread e) {
            try {
                return write(value, limits.depth());
            } catch (TooDeepHere here) {
                throw overflowed(value, e);
            }
        } catch (TooDeepHere e) {
            throw overflowed(value, e);
        } catch (NotStorableException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e); // the task throws nothing else
        }
    }

    private static NotStorableException overflowed(Object value, Exception cause) {
        String name = value.getClass().getName();
        return new NotStorableException(
                Reason.FAILED, name + " failed while it was written: the stack overflowed", cause);
    }

    /** @param deepest how deep a value may be for the stack of this thread */
    private SerialOutput write(Object value, int deepest) throws NotStorableException, TooDeepHere {
        SerialOutput stream = null;
        try {
            stream = new SerialOutput(limits, deepest);
            stream.writeObject(value);
            stream.flush();
        } catch (StackOverflowError e) {
            throw new TooDeepHere();
        } catch (VirtualMachineError e) {
            throw e; // such as OutOfMemoryError: no fault of the value
        } catch (IOException | RuntimeException | Error e) {
            if (stream == null || stream.stop() == null) {
                throw failure(value, e);
            }
        }
        Stop stop = stream.stop(); // noted, because the value's own code may have swallowed the exception
        if (stop != null) {
            throw stopped(value, stop);
        }
        return stream;
    }

    private static NotStorableException failure(Object value, Throwable e) {
        if (e instanceof RuntimeException unstable) {
            throw unstable; // such as a ConcurrentModificationException: the caller may try again
        }
        if (e instanceof NotSerializableException) {
            return new NotStorableException(
                    Reason.NOT_SERIALIZABLE, NonSerializablePath.notSerializable(value) + " is not serializable", e);
        }
        String name = value.getClass().getName();
        return new NotStorableException(
                Reason.FAILED,
                name + " failed while it was written: " + e.getClass().getName(),
                e);
    }

    private NotStorableException stopped(Object value, Stop stop) throws TooDeepHere {
        if (stop.why() == null) {
            throw new TooDeepHere();
        }
        String path = NonSerializablePath.path(value, stop.part());
        return new NotStorableException(
                stop.why(),
                switch (stop.why()) {
                    case LIMIT_DEPTH -> path + " is nested deeper than " + limits.depth() + " levels";
                    case LIMIT_COUNT -> path + " is beyond the limit of " + limits.objects() + " objects";
                    case LIMIT_SIZE -> path + " is beyond the limit of " + limits.bytes() + " bytes";
                    default -> path + " could not be read back: " + stop.detail();
                });
    }

    Object read(ByteReader in, ClassLoader loader) throws Exception {
        Set<String> written = new TreeSet<>();
        for (int left = in.count(); left > 0; left--) {
            written.add(in.text());
        }
        byte[] bytes = in.rest();
        try {
            return read(bytes, written, loader, Math.min(2 * SHALLOW, limits.readingDepth()));
        } catch (TooDeepHere e) {
            return readDeep(bytes, written, loader);
        }
    }

    private Object readDeep(byte[] bytes, Set<String> written, ClassLoader loader) throws Exception {
        try {
            return DeepStack.call(limits.stackBytes(), () -> read(bytes, written, loader, limits.readingDepth()));
        } catch (NoThread e) {
            return read(bytes, written, loader, limits.readingDepth());
        }
    }

    private Object read(byte[] bytes, Set<String> written, ClassLoader loader, int deepest) throws Exception {
        SerialInput stream = null;
        try {
            stream = new SerialInput(bytes, loader, written, policy, limits, deepest);
            @Nullable Object value = stream.readObject();
            if (stream.isTooDeepHere()) {
                throw new TooDeepHere(); // the value's own code has swallowed the exception
            }
            if (value == null) {
                throw new Malformed("a stream of nothing");
            }
            return value;
        } catch (StackOverflowError e) {
            throw new TooDeepHere();
        } catch (IOException | RuntimeException e) {
            if (stream != null && stream.isTooDeepHere()) {
                throw new TooDeepHere();
            }
            throw e;
        }
    }
}
