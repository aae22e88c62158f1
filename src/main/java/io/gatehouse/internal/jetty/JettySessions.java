package io.gatehouse.internal.jetty;

import io.gatehouse.internal.servers.JettyAdapter;
import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.ServletContext;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The adapter for Jetty 12.1. Mentions no class of Jetty, so it can be loaded on every server. */
public final class JettySessions {
    private static final System.Logger LOG = System.getLogger(JettySessions.class.getName());

    private JettySessions() {}

    /** Has Jetty use the sessions of Gatehouse for an application that is starting, until it stops. Logs a warning if this Jetty cannot. */
    public static ContainerRequests.Installation install(ServletContext application) {
        Class<?> type = JettyAdapter.contextType(application);
        if (type == null) {
            return ContainerRequests.Installation.OTHER_SERVER;
        }
        String obstacle;
        try {
            obstacle = install(application, type);
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            obstacle = "the adapter does not fit this version: " + e;
        }
        if (obstacle == null) {
            return ContainerRequests.Installation.DONE;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "Jetty cannot use the sessions of Gatehouse: {0}. The filter replaces those of the application",
                obstacle);
        return ContainerRequests.Installation.REFUSED;
    }

    private static @Nullable String install(ServletContext application, Class<?> type)
            throws ReflectiveOperationException {
        String installation = type.getPackageName().contains(".ee10.")
                ? "Ee10Installation"
                : type.getPackageName().contains(".ee11.") ? "Ee11Installation" : null;
        if (installation == null) {
            return "it is known for Jakarta EE 10 and 11 only, not for " + type.getPackageName();
        }
        ClassLoader loader = AdapterLoader.linkedTo(type);
        Predicate<ServletContext> adapter = adapter(loader, JettySessions.class.getPackageName() + '.' + installation);
        return adapter.test(application) ? null : String.valueOf(adapter);
    }

    /** Returns the adapter. If it returns false, its text is the reason. */
    @SuppressWarnings("unchecked")
    private static Predicate<ServletContext> adapter(ClassLoader loader, String name)
            throws ReflectiveOperationException {
        var constructor = Class.forName(name, true, loader).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (Predicate<ServletContext>) constructor.newInstance();
    }
}
