package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One kind of application server, as far as the Servlet API does not describe it. */
interface ServerAdapter {

    /** Whether an application runs on this kind of server. */
    boolean runs(ServletContext context);

    /**
     * The listeners of an application that has started: the objects that the server has made, in the order of their
     * registration. Those of the server itself are among them.
     *
     * @throws ReflectiveOperationException if the server looks different inside
     */
    List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException;

    /** Whether the application cannot see classes of the server whose objects are in its sessions, such as CDI's. */
    default boolean hidesItsClasses() {
        return false;
    }

    /** The cookie path that the server reports where nothing names one, or null if it reports none. */
    default @Nullable String defaultCookiePath() {
        return null;
    }
}
