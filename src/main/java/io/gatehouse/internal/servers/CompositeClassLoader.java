package io.gatehouse.internal.servers;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** A class loader that delegates to several others, in order. Thread-safe. */
final class CompositeClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final List<ClassLoader> others;

    private CompositeClassLoader(ClassLoader first, List<ClassLoader> others) {
        super(first);
        this.others = others;
    }

    /** Returns a loader that delegates to the first, then to the loaders of the objects' classes and superclasses. */
    static ClassLoader of(ClassLoader first, Collection<?> objects) {
        LinkedHashSet<ClassLoader> others = new LinkedHashSet<>();
        for (Object object : objects) {
            for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
                if (type.getClassLoader() != null && type.getClassLoader() != first) {
                    others.add(type.getClassLoader());
                }
            }
        }
        return others.isEmpty() ? first : new CompositeClassLoader(first, List.copyOf(others));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        for (ClassLoader other : others) {
            try {
                return Class.forName(name, false, other);
            } catch (ClassNotFoundException e) {
                // the next one may have it
            }
        }
        throw new ClassNotFoundException(name);
    }
}
