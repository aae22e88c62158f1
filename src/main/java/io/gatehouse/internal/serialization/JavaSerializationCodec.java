package io.gatehouse.internal.serialization;

import io.gatehouse.internal.serialization.ByteReader.MalformedException;
import io.gatehouse.internal.serialization.DeepStack.NoThreadException;
import io.gatehouse.internal.serialization.NotStorableException.Reason;
import io.gatehouse.internal.serialization.SerialOutput.Stop;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values with Java serialization. The writer puts the names of the written classes before the stream, under the same
 * signature. The reader admits exactly those classes, unless {@link ClassPolicy} refuses one, so that applications need no
 * configuration and an injected stream is never instantiated.
 *
 * <p>Java serialization is recursive. Values up to {@link #SHALLOW} levels deep are written and read on the caller's thread,
 * where application code finds its thread locals. For a deeper value the attempt stops before the stack overflows and is
 * repeated on a thread with a large stack ({@link DeepStack}). Only if that thread needs a lock that the caller holds is the
 * caller's own stack used. Thread-safe.
 */
final class JavaSerializationCodec {
    /** One level was measured to take about 1 KB of stack. Request threads have 512 KB or more, of which the server uses a part. */
    static final int SHALLOW = 200;

    private final ClassPolicy policy;
    private final ValueLimits limits;

    JavaSerializationCodec(ClassPolicy policy, ValueLimits limits) {
        this.policy = policy;
        this.limits = limits;
    }

    /** Thrown internally if the value needs a larger stack than that of the current thread. */
    private static final class StackTooSmallException extends Exception {
        private static final long serialVersionUID = 1L;

        StackTooSmallException() {
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
        } catch (StackTooSmallException e) {
            return writtenDeep(value);
        }
    }

    private SerialOutput writtenDeep(Object value) throws NotStorableException {
        try {
            return DeepStack.call(limits.stackBytes(), () -> write(value, limits.depth()));
        } catch (NoThreadException e) {
            try {
                return write(value, limits.depth());
            } catch (StackTooSmallException here) {
                throw overflowed(value, e);
            }
        } catch (StackTooSmallException e) {
            throw overflowed(value, e);
        } catch (NotStorableException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e); // the task throws no other checked exception
        }
    }

    private static NotStorableException overflowed(Object value, Exception cause) {
        String name = value.getClass().getName();
        return new NotStorableException(
                Reason.FAILED, name + " failed while it was written: the stack overflowed", cause);
    }

    /**
     * Writes a value.
     *
     * @param deepest the deepest value for which the stack of this thread suffices
     */
    private SerialOutput write(Object value, int deepest) throws NotStorableException, StackTooSmallException {
        SerialOutput stream = null;
        try {
            stream = new SerialOutput(limits, deepest);
            stream.writeObject(value);
            stream.flush();
        } catch (StackOverflowError e) {
            throw new StackTooSmallException();
        } catch (VirtualMachineError e) {
            throw e; // such as OutOfMemoryError, which the value did not cause
        } catch (IOException | RuntimeException | Error e) {
            if (stream == null || stream.stop() == null) {
                throw failure(value, e);
            }
        }
        Stop stop = stream.stop(); // recorded, because the value's code may have swallowed the exception
        if (stop != null) {
            throw stopped(value, stop);
        }
        return stream;
    }

    private static NotStorableException failure(Object value, Throwable e) {
        if (e instanceof RuntimeException unstable) {
            throw unstable; // such as a ConcurrentModificationException: the caller may retry
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

    private NotStorableException stopped(Object value, Stop stop) throws StackTooSmallException {
        if (stop.why() == null) {
            throw new StackTooSmallException();
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
        return read(in.rest(), written::contains, loader);
    }

    /**
     * Reads a stream that names no classes, because another program has written it. The policy alone decides.
     *
     * @throws RefusedClassException if the policy refuses a class
     */
    Object readUnlisted(byte[] bytes, ClassLoader loader) throws Exception {
        return read(bytes, name -> true, loader);
    }

    private Object read(byte[] bytes, Predicate<String> written, ClassLoader loader) throws Exception {
        try {
            return read(bytes, written, loader, Math.min(2 * SHALLOW, limits.readingDepth()));
        } catch (StackTooSmallException e) {
            return readDeep(bytes, written, loader);
        }
    }

    /** Thrown if a stream contains a class that is not allowed. */
    static final class RefusedClassException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedClassException(String name, Exception cause) {
            super(name, cause);
        }
    }

    private Object readDeep(byte[] bytes, Predicate<String> written, ClassLoader loader) throws Exception {
        try {
            return DeepStack.call(limits.stackBytes(), () -> read(bytes, written, loader, limits.readingDepth()));
        } catch (NoThreadException e) {
            return read(bytes, written, loader, limits.readingDepth());
        }
    }

    private Object read(byte[] bytes, Predicate<String> written, ClassLoader loader, int deepest) throws Exception {
        SerialInput stream = null;
        try {
            stream = new SerialInput(bytes, loader, written, policy, limits, deepest);
            @Nullable Object value = stream.readObject();
            if (stream.isStackTooSmall()) {
                throw new StackTooSmallException(); // the value's code swallowed the exception
            }
            if (value == null) {
                throw new MalformedException("the stream contains null");
            }
            return value;
        } catch (StackOverflowError e) {
            throw new StackTooSmallException();
        } catch (IOException | RuntimeException e) {
            if (stream != null && stream.isStackTooSmall()) {
                throw new StackTooSmallException();
            }
            String refused = stream == null ? null : stream.refusedClass();
            throw refused == null ? e : new RefusedClassException(refused, e);
        }
    }
}
