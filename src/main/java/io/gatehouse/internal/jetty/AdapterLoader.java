package io.gatehouse.internal.jetty;

import java.io.IOException;
import java.io.InputStream;

/**
 * Loads the classes of this package in applications from which Jetty hides its own classes, as it does for every WAR. Finds the classes of
 * Jetty with the loader of the server, and all others with the loader of the application. Nothing changes for the application itself.
 */
final class AdapterLoader extends ClassLoader {
    private static final String JETTY = "org.eclipse.jetty.";
    private static final String ADAPTER = AdapterLoader.class.getPackageName() + '.';

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader server;

    private AdapterLoader(ClassLoader application, ClassLoader server) {
        super(application);
        this.server = server;
    }

    /**
     * Returns a loader whose classes of this package are linked to a Jetty.
     *
     * @param jetty a class of that Jetty
     */
    static ClassLoader linkedTo(Class<?> jetty) {
        ClassLoader own = AdapterLoader.class.getClassLoader();
        try {
            if (Class.forName(jetty.getName(), false, own) == jetty) {
                return own;
            }
        } catch (ClassNotFoundException e) {
            // hidden
        }
        return new AdapterLoader(own, jetty.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(JETTY)) {
            return server.loadClass(name);
        }
        if (!name.startsWith(ADAPTER)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length, AdapterLoader.class.getProtectionDomain());
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
