package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Access to features of one kind of application server that the Servlet API does not expose. */
interface ServerAdapter {

    /** Returns whether an application runs on this kind of server. */
    boolean runs(ServletContext context);

    /**
     * Returns the listener instances of an application that has started, in the order of their registration. They include those of the
     * server itself.
     *
     * @throws ReflectiveOperationException if the internals of the server are not as expected
     */
    List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException;

    /** Returns whether the application cannot load server classes whose instances are in its sessions, such as those of CDI. */
    default boolean hidesItsClasses() {
        return false;
    }

    /** Returns the cookie path that the server reports if none is configured, or null if it reports none. */
    default @Nullable String defaultCookiePath() {
        return null;
    }
}
