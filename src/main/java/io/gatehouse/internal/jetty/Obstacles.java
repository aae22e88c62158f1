package io.gatehouse.internal.jetty;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.AbstractSessionManager;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.eclipse.jetty.session.SessionCache;
import org.eclipse.jetty.session.SessionDataStore;
import org.eclipse.jetty.session.SessionDataStoreFactory;
import org.jspecify.annotations.Nullable;

/** What keeps a context of Jetty from using the sessions of Gatehouse. */
final class Obstacles {
    private static final String VERSION = "12.1.";

    private Obstacles() {}

    /**
     * Returns the obstacle, as the rest of a sentence, or null.
     *
     * @param expected the class of Jetty's own session handler
     */
    static @Nullable String of(
            @Nullable ContextHandler context, @Nullable AbstractSessionManager sessions, Class<?> expected) {
        if (!Server.getVersion().startsWith(VERSION)) {
            return "the adapter is for Jetty 12.1, and this is " + Server.getVersion();
        }
        if (context == null) {
            return "its context was not found";
        }
        if (sessions == null) {
            return "the context has no sessions; create it with ServletContextHandler.SESSIONS";
        }
        if (sessions.getClass() != expected) {
            return "another session handler is configured, "
                    + sessions.getClass().getName() + "; remove it, or use " + expected.getName();
        }
        if (sessions.isRunning()) {
            return "Gatehouse starts after the handlers of the context; start it in a ServletContainerInitializer,"
                    + " with context.addServletContainerInitializer";
        }
        return isStoreConfigured(context, sessions)
                ? "a session store is configured in Jetty; remove the module session-store-..., or the session cache of the context"
                : null;
    }

    private static boolean isStoreConfigured(ContextHandler context, AbstractSessionManager sessions) {
        SessionCache cache = sessions.getSessionCache();
        if (cache == null) {
            Server server = context.getServer();
            return server != null && server.getBean(SessionDataStoreFactory.class) != null;
        }
        SessionDataStore store = cache.getSessionDataStore();
        return cache.getClass() != DefaultSessionCache.class
                || (store != null && !(store instanceof NullSessionDataStore));
    }
}
