package io.gatehouse.values;

import io.gatehouse.values.ByteReader.Malformed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Java serialization for what else applications put into sessions. The writer notes the classes it wrote, in front of the
 * stream and under the same signature; the reader admits exactly those and what {@link ClassPolicy} does not refuse, so that
 * an application works as it is and a stream that was slipped in is never instantiated.
 */
final class SerialCodec {
    private static final long DEEPEST = 500;
    private static final long MOST_REFERENCES = 1_000_000;
    private static final long LONGEST_ARRAY = 10_000_000;

    private final ClassPolicy policy;

    SerialCodec(ClassPolicy policy) {
        this.policy = policy;
    }

    void write(Object value, ByteWriter out) throws NotStorable {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NotingOutput stream = null;
        try {
            stream = new NotingOutput(bytes);
            stream.writeObject(value);
            stream.flush();
        } catch (IOException e) {
            throw new NotStorable(Culprit.path(value), e);
        }
        String refused = policy.firstRefused(stream.classes);
        if (refused != null) {
            throw new NotStorable(refused + ", a class that is not allowed in sessions", new IOException(refused));
        }
        out.number(stream.classes.size());
        stream.classes.forEach(out::text);
        out.raw(bytes.toByteArray());
    }

    Object read(ByteReader in, ClassLoader loader) throws IOException, ClassNotFoundException {
        Set<String> written = new TreeSet<>();
        for (int left = in.count(); left > 0; left--) {
            written.add(in.text());
        }
        try (AdmittingInput stream = new AdmittingInput(in.rest(), loader, written, policy)) {
            stream.setObjectInputFilter(stream::admit);
            Object value = stream.readObject();
            if (value == null) {
                throw new Malformed("a stream of nothing");
            }
            return value;
        }
    }

    private static Collection<String> names(Class<?>[] classes) {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : classes) {
            names.add(type.getName());
        }
        return names;
    }

    /** Notes the name of every class it writes, of arrays that of their elements. */
    private static final class NotingOutput extends ObjectOutputStream {
        final Set<String> classes = new TreeSet<>();

        NotingOutput(ByteArrayOutputStream out) throws IOException {
            super(out);
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
    }

    /** Finds classes where the application finds them, and lets in those that the writer named. */
    private static final class AdmittingInput extends ObjectInputStream {
        private static final Map<String, Class<?>> PRIMITIVES = Stream.of(
                        boolean.class,
                        byte.class,
                        short.class,
                        char.class,
                        int.class,
                        long.class,
                        float.class,
                        double.class,
                        void.class)
                .collect(Collectors.toUnmodifiableMap(Class::getName, type -> type));

        private final ClassLoader loader;
        private final Set<String> written;
        private final ClassPolicy policy;
        private final Set<Class<?>> fromStream = new HashSet<>();

        AdmittingInput(byte[] bytes, ClassLoader loader, Set<String> written, ClassPolicy policy) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.loader = loader;
            this.written = written;
            this.policy = policy;
        }

        /** Like a filter pattern that lists the written classes and ends in {@code !*}. */
        ObjectInputFilter.Status admit(ObjectInputFilter.FilterInfo info) {
            if (info.depth() > DEEPEST || info.references() > MOST_REFERENCES || info.arrayLength() > LONGEST_ARRAY) {
                return ObjectInputFilter.Status.REJECTED;
            }
            Class<?> type = info.serialClass();
            if (type == null) {
                return ObjectInputFilter.Status.UNDECIDED; // only the counts were asked about
            }
            Class<?> element = type;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            return isTable(type, element) || (isNamed(type, element) && !policy.refuses(element.getName()))
                    ? ObjectInputFilter.Status.ALLOWED
                    : ObjectInputFilter.Status.REJECTED;
        }

        /** Collections announce their tables this way. */
        private static boolean isTable(Class<?> type, Class<?> element) {
            return type.isArray() && (element.isPrimitive() || element == Object.class || element == Map.Entry.class);
        }

        /** Named by the writer, or not in the stream at all: then a {@code readResolve} of a named class has made it. */
        private boolean isNamed(Class<?> type, Class<?> element) {
            if (!fromStream.contains(type) && !type.isArray()) {
                return true;
            }
            return Proxy.isProxyClass(element)
                    ? written.containsAll(names(element.getInterfaces()))
                    : written.contains(element.getName());
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
            Class<?> primitive = PRIMITIVES.get(description.getName());
            Class<?> type = primitive != null ? primitive : Class.forName(description.getName(), false, loader);
            fromStream.add(type);
            return type;
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
            Class<?>[] types = new Class<?>[interfaces.length];
            ClassLoader home = loader;
            for (int i = 0; i < interfaces.length; i++) {
                types[i] = Class.forName(interfaces[i], false, loader);
                fromStream.add(types[i]);
                if (!Modifier.isPublic(types[i].getModifiers())) {
                    home = types[i].getClassLoader(); // only there can a proxy have such an interface
                }
            }
            Class<?> type = Proxy.newProxyInstance(home, types, (proxy, method, arguments) -> null)
                    .getClass();
            fromStream.add(type);
            return type;
        }
    }
}
