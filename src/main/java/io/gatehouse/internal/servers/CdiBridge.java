package io.gatehouse.internal.servers;

import io.gatehouse.internal.servers.Container.Binding;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes CDI's request, session and conversation scopes live in our requests and sessions. Weld, the CDI of all servers that we
 * know, takes the request from a request listener of its own, before any filter runs. That listener is an attribute of the
 * servlet context, so the filter can tell it that the server's request is over and ours begins, and the reverse at the end.
 * Beans are in the session for certain only after the end.
 */
final class CdiBridge {
    private static final System.Logger LOG = System.getLogger(CdiBridge.class.getName());
    private static final String LISTENER = "org.jboss.weld.module.web.servlet.WeldInitialListener";
    /** Left in a request whose session was ended; whoever ends the request fires the event of it. */
    private static final String ENDED_SESSION = "org.jboss.weld.jakarta.servlet.http.HttpSession";
    /** Left in a request that could not be begun; its end is skipped. */
    private static final String NOT_BEGUN = "org.jboss.weld.module.web.servlet.HttpContextLifecycle.request.destroyed";

    private static final String BEANS = "WELD_";
    /** Which beans the application had when the session was made, if their names in the session are numbers. */
    private static final String BEAN_SET = "WELD_S_HASH";

    /** Whose the scopes are on this thread. */
    private static final ThreadLocal<@Nullable HttpServletRequest> BOUND = new ThreadLocal<>();

    private final ServletContext context;
    private final ServletRequestListener requests;
    private final HttpSessionListener weld;
    private final HttpSessionListener sessions = new Sessions();
    private final CdiScope scope;

    private CdiBridge(
            ServletContext context, ServletRequestListener requests, HttpSessionListener weld, CdiScope scope) {
        this.context = context;
        this.requests = requests;
        this.weld = weld;
        this.scope = scope;
    }

    /** The bridge of an application that has started, or null if it has no CDI. */
    static @Nullable CdiBridge of(ServletContext context) {
        if (!(context.getAttribute(LISTENER) instanceof ServletRequestListener requests
                && requests instanceof HttpSessionListener weld)) {
            return null;
        }
        try {
            return new CdiBridge(context, requests, weld, new CdiScope());
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "CDI is there but cannot be asked ({0}): session beans stay in the server''s own sessions",
                    e.toString());
            return null;
        }
    }

    /** Makes the scopes those of our request until the binding is closed. */
    Binding bind(HttpServletRequest raw, HttpServletRequest ours) {
        boolean active = scope.isRequestScopeActive(); // not in asynchronous dispatches on Payara
        if (active) {
            requests.requestDestroyed(event(raw));
        }
        try {
            begin(ours);
        } catch (RuntimeException e) {
            giveBack(raw, active);
            throw e;
        }
        HttpServletRequest before = BOUND.get(); // of another application that has dispatched to this one
        BOUND.set(ours);
        return () -> {
            restore(before);
            try {
                requests.requestDestroyed(event(ours));
            } finally {
                giveBack(raw, active);
            }
        };
    }

    private static void restore(@Nullable HttpServletRequest before) {
        if (before == null) {
            BOUND.remove();
        } else {
            BOUND.set(before);
        }
    }

    private void giveBack(HttpServletRequest raw, boolean active) {
        raw.removeAttribute(ENDED_SESSION);
        if (active) {
            requests.requestInitialized(event(raw));
        }
    }

    private void begin(HttpServletRequest ours) {
        try {
            requests.requestInitialized(event(ours));
        } catch (IllegalStateException e) {
            abandon(ours);
            HttpSession session = ours.getSession(false);
            if (session == null || session.getAttribute(BEAN_SET) == null) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "the beans of {0} are dropped, the rest of it stays: {1}",
                    session,
                    e.getMessage());
            for (String name : new ArrayList<>(Collections.list(session.getAttributeNames()))) {
                if (isBean(name)) {
                    session.removeAttribute(name);
                }
            }
            requests.requestInitialized(event(ours));
        }
    }

    /** Takes back what was done of a beginning that failed in the middle. */
    private void abandon(HttpServletRequest ours) {
        try {
            requests.requestDestroyed(event(ours));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "half a request could not be ended: {0}", e.toString());
        }
        ours.removeAttribute(NOT_BEGUN);
    }

    private ServletRequestEvent event(HttpServletRequest request) {
        return new ServletRequestEvent(context, request);
    }

    /** Must hear of sessions first when they are made, and last when they end. */
    HttpSessionListener sessions() {
        return sessions;
    }

    private final class Sessions implements HttpSessionListener {
        @Override
        public void sessionCreated(HttpSessionEvent event) {
            weld.sessionCreated(event);
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            if (isOfAnotherRequest(event.getSession())) {
                onAThreadWithoutARequest(() -> weld.sessionDestroyed(event));
            } else {
                weld.sessionDestroyed(event);
            }
        }
    }

    /** Waits for it; the thread has the class loader of this one. */
    private static void onAThreadWithoutARequest(Runnable action) {
        CompletableFuture.runAsync(action, task -> new Thread(task, "gatehouse-session-end").start())
                .join();
    }

    /** Whether a listener is Weld's own, which the server tells of its sessions. */
    boolean isWelds(Object listener) {
        return listener.getClass() == weld.getClass();
    }

    /**
     * Weld takes every session that ends within a request for the session of that request, and would end the beans of that: those
     * of an administrator, say, instead of the beans of the user whose session he ends.
     */
    private boolean isOfAnotherRequest(HttpSession ending) {
        HttpServletRequest request = BOUND.get();
        HttpSession own = request == null ? null : request.getSession(false);
        return request != null && (own == null || !own.getId().equals(ending.getId()));
    }

    /** Objects whose class loaders see the classes that are in sessions for CDI. */
    List<Object> anchors() {
        return List.of(weld, scope.beanManager());
    }

    void fire(Object event) {
        scope.fire(event);
    }

    /** Whether CDI keeps a bean in a session under this name; it counts on being able to read what it is told of. */
    static boolean isBean(String attribute) {
        return attribute.startsWith(BEANS);
    }
}
