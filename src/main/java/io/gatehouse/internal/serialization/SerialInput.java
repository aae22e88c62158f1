package io.gatehouse.internal.serialization;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deserializes a value: finds classes through the application's class loader, admits only the classes that the writer named,
 * and enforces the limits.
 */
final class SerialInput extends ObjectInputStream {
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
    private final Predicate<String> written;
    private final ClassPolicy policy;
    private final int deepest;
    private final int deepestEver;
    private final long longestArray;
    private final Set<Class<?>> fromStream = new HashSet<>();
    private boolean tooDeepHere;
    private @Nullable String refused;

    /**
     * Creates a stream.
     *
     * @param written whether the writer has named a class
     * @param deepest the deepest value for which the stack of this thread suffices
     */
    SerialInput(
            byte[] bytes,
            ClassLoader loader,
            Predicate<String> written,
            ClassPolicy policy,
            ValueLimits limits,
            int deepest)
            throws IOException {
        super(new ByteArrayInputStream(bytes));
        this.loader = loader;
        this.written = written;
        this.policy = policy;
        this.deepest = deepest;
        this.deepestEver = limits.readingDepth();
        this.longestArray = limits.readingArray(bytes.length);
        setObjectInputFilter(this::admit);
    }

    /** Returns whether reading stopped only because the stack of this thread is too small. */
    boolean isStackTooSmall() {
        return tooDeepHere;
    }

    /** Returns the name of the first class that was not admitted, or null. */
    @Nullable
    String refusedClass() {
        return refused;
    }

    /**
     * Works like a filter pattern that lists the written classes and ends in {@code !*}. The number of objects needs no
     * check, because each takes at least one byte of the stream.
     */
    private ObjectInputFilter.Status admit(ObjectInputFilter.FilterInfo info) {
        if (info.depth() > deepest) {
            tooDeepHere |= deepest < deepestEver;
            return ObjectInputFilter.Status.REJECTED;
        }
        if (info.arrayLength() > longestArray) {
            return ObjectInputFilter.Status.REJECTED;
        }
        Class<?> type = info.serialClass();
        if (type == null) {
            return ObjectInputFilter.Status.UNDECIDED; // this call only checks the counts
        }
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        if (element.isPrimitive() || isTable(type, element) || isAdmitted(type, element)) {
            return ObjectInputFilter.Status.ALLOWED;
        }
        refused = refused == null ? element.getName() : refused;
        return ObjectInputFilter.Status.REJECTED;
    }

    /** Returns whether a filter call is that of a collection that announces the size of its table. */
    private static boolean isTable(Class<?> type, Class<?> element) {
        return type.isArray() && (element == Object.class || element == Map.Entry.class);
    }

    /**
     * Returns whether a class is named by the writer and allowed by the policy. A class that is not in the stream at all was
     * created by a {@code readResolve} method of a class that is; the policy has checked that one.
     */
    private boolean isAdmitted(Class<?> type, Class<?> element) {
        if (!fromStream.contains(type)) {
            return !ClassPolicy.isGadget(element.getName());
        }
        boolean named = Proxy.isProxyClass(element)
                ? SerialOutput.names(element.getInterfaces()).stream().allMatch(written)
                : written.test(element.getName());
        return named && !policy.refuses(element.getName());
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
                home = types[i].getClassLoader(); // only this loader can define a proxy with such an interface
            }
        }
        Class<?> type = Proxy.newProxyInstance(home, types, (proxy, method, arguments) -> null)
                .getClass();
        fromStream.add(type);
        return type;
    }
}
