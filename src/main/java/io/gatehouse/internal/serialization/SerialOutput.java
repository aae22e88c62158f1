package io.gatehouse.internal.serialization;

import io.gatehouse.internal.serialization.NotStorableException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Serializes a value, records the names of all written classes (for an array, that of its elements), and stops at the limits.
 *
 * <p>The stream does not reveal its depth, so it is measured on the stack. That is needed rarely: each object increases the
 * depth by at most one, so after a measurement of d no part can be deeper than the limit within the next (limit - d) objects.
 * Near the limit, measurements keep a minimum distance; the reader allows that much more depth.
 */
final class SerialOutput extends ObjectOutputStream {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private final Sink sink;
    private final ValueLimits limits;
    private final int deepest;
    private final int distance;
    private final Set<String> classes = new TreeSet<>();
    private final Set<Class<?>> checked = new HashSet<>();
    private int objects;
    private int nextLook;

    /** @param deepest the deepest value for which the stack of this thread suffices */
    SerialOutput(ValueLimits limits, int deepest) throws IOException {
        this(new Sink(limits.bytes()), limits, Math.min(deepest, limits.depth()));
    }

    private SerialOutput(Sink sink, ValueLimits limits, int deepest) throws IOException {
        super(sink);
        this.sink = sink;
        this.limits = limits;
        this.deepest = deepest;
        boolean here = deepest < limits.depth();
        this.distance =
                Math.min(here ? JavaSerializationCodec.SHALLOW : Integer.MAX_VALUE, limits.readingDepth() - deepest);
        this.nextLook = deepest + 1;
        enableReplaceObject(true); // calls replaceObject once for every object
    }

    /**
     * The reason why writing stopped.
     *
     * @param why the limit, or null if only the stack of this thread is too small
     * @param part what was being written
     */
    record Stop(@Nullable Reason why, @Nullable Object part, String detail) {}

    @Nullable
    Stop stop() {
        return sink.stop;
    }

    Set<String> classes() {
        return classes;
    }

    byte[] bytes() {
        return sink.bytes.toByteArray();
    }

    @Override
    protected Object replaceObject(Object part) throws IOException {
        sink.part = part;
        if (++objects > limits.objects()) {
            throw sink.stop(Reason.LIMIT_COUNT, "");
        }
        if (objects >= nextLook) {
            measureDepth();
        }
        if (checked.add(part.getClass())) {
            String missing = Constructors.missing(part.getClass());
            if (missing != null) {
                throw sink.stop(Reason.NOT_SERIALIZABLE, missing);
            }
        }
        return part;
    }

    private void measureDepth() throws IOException {
        int depth = depth();
        if (depth > limits.depth()) {
            throw sink.stop(Reason.LIMIT_DEPTH, "");
        }
        if (depth > deepest) {
            throw sink.stop(null, "");
        }
        nextLook = objects + Math.max(deepest + 1 - depth, distance);
    }

    /** Returns the current nesting depth. */
    private static int depth() {
        long depth = WALKER.walk(frames -> frames.takeWhile(
                        frame -> !frame.getClassName().equals(JavaSerializationCodec.class.getName()))
                .filter(frame -> frame.getMethodName().equals("writeObject0"))
                .count());
        return (int) depth;
    }

    @Override
    protected void annotateClass(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        if (!element.isPrimitive()) {
            classes.add(element.getName());
        }
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
        classes.addAll(names(type.getInterfaces()));
    }

    static Set<String> names(Class<?>[] classes) {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : classes) {
            names.add(type.getName());
        }
        return names;
    }

    /** Collects bytes up to the limit. */
    private static final class Sink extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int most;

        @Nullable
        private Object part;

        @Nullable
        private Stop stop;

        Sink(int most) {
            this.most = most;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            if (length > most - bytes.size()) {
                throw stop(Reason.LIMIT_SIZE, "");
            }
            bytes.write(from, offset, length);
        }

        IOException stop(@Nullable Reason why, String detail) {
            if (stop == null) {
                stop = new Stop(why, part, detail);
            }
            return new IOException("stopped at a limit");
        }
    }
}
