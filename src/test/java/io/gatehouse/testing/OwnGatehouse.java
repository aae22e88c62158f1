package io.gatehouse.testing;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Loads Gatehouse as an application that has it in {@code WEB-INF/lib} does. */
public final class OwnGatehouse extends ClassLoader {
    private final List<String> hidden;

    /** @param hidden the beginnings of the names of classes that the server hides from the application */
    public OwnGatehouse(String... hidden) {
        super(OwnGatehouse.class.getClassLoader());
        this.hidden = List.of(hidden);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (hidden.stream().anyMatch(name::startsWith)) {
            throw new ClassNotFoundException(name);
        }
        if (!name.startsWith("io.gatehouse.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
            byte[] bytes = Objects.requireNonNull(file, name).readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /** Returns what starts this Gatehouse. */
    public ServletContainerInitializer initializer() {
        try {
            return (ServletContainerInitializer) loadClass("io.gatehouse.internal.wiring.GatehouseInitializer")
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
