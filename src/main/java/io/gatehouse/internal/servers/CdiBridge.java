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
 * Binds the request, session and conversation scopes of CDI to the wrapped requests and sessions of Gatehouse. All supported servers
 * use Weld, whose own request listener binds the scopes to the container's request before any filter runs. Weld stores that listener
 * as an attribute of the servlet context. The bridge calls it: it ends the container's request and starts the wrapped one, and does the
 * reverse when the binding is closed. Weld may store session beans as late as in that last call. Thread-safe.
 */
final class CdiBridge {
    private static final System.Logger LOG = System.getLogger(CdiBridge.class.getName());
    private static final String LISTENER = "org.jboss.weld.module.web.servlet.WeldInitialListener";
    /** Weld sets this attribute on a request whose session has ended, and fires the event when the request ends. */
    private static final String ENDED_SESSION = "org.jboss.weld.jakarta.servlet.http.HttpSession";
    /** Weld sets this attribute on a request that it failed to start, and then skips the end of that request. */
    private static final String NOT_BEGUN = "org.jboss.weld.module.web.servlet.HttpContextLifecycle.request.destroyed";

    private static final String MECHANISM =
            "jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism";

    private static final String BEANS = "WELD_";
    /** The session attribute with a hash of the application's beans, if Weld names beans in sessions by numbers. */
    private static final String BEAN_SET = "WELD_S_HASH";

    /** The request to which the scopes are bound on this thread. */
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

    /** Returns the bridge of an application that has started, or null if it has no CDI. */
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
                    "CDI is present but not accessible ({0}); session-scoped beans stay in the container''s own sessions",
                    e.toString());
            return null;
        }
    }

    /** Returns whether the application has an authentication mechanism of Jakarta Security, its own or one that an annotation asks for. */
    boolean hasAuthenticationMechanism(ClassLoader application) {
        try {
            return scope.hasBean(Class.forName(MECHANISM, false, application));
        } catch (ClassNotFoundException | LinkageError e) { // the server or the application has no Jakarta Security
            return false;
        }
    }

    /** Binds the scopes to the wrapped request until the binding is closed. */
    Binding bind(HttpServletRequest raw, HttpServletRequest wrapped) {
        boolean active = scope.isRequestScopeActive(); // not in asynchronous dispatches on Payara
        if (active) {
            requests.requestDestroyed(event(raw));
        }
        try {
            begin(wrapped);
        } catch (RuntimeException e) {
            rebindContainerRequest(raw, active);
            throw e;
        }
        HttpServletRequest before = BOUND.get(); // of another application that has dispatched to this one
        BOUND.set(wrapped);
        return () -> {
            restore(before);
            try {
                requests.requestDestroyed(event(wrapped));
            } finally {
                rebindContainerRequest(raw, active);
            }
        };
    }

    /** Binds the scopes to the wrapped request, unless the container has bound them; Payara binds none in asynchronous dispatches. */
    Binding bindIfUnbound(HttpServletRequest raw, HttpServletRequest wrapped) {
        return scope.isRequestScopeActive() ? follow(raw) : bind(raw, wrapped);
    }

    /** Notes the request to which the container has bound the scopes. */
    static Binding follow(HttpServletRequest raw) {
        HttpServletRequest before = BOUND.get();
        BOUND.set(raw);
        return () -> restore(before);
    }

    private static void restore(@Nullable HttpServletRequest before) {
        if (before == null) {
            BOUND.remove();
        } else {
            BOUND.set(before);
        }
    }

    private void rebindContainerRequest(HttpServletRequest raw, boolean active) {
        raw.removeAttribute(ENDED_SESSION);
        if (active) {
            requests.requestInitialized(event(raw));
        }
    }

    private void begin(HttpServletRequest wrapped) {
        try {
            requests.requestInitialized(event(wrapped));
        } catch (IllegalStateException e) {
            abandon(wrapped);
            HttpSession session = wrapped.getSession(false);
            if (session == null || session.getAttribute(BEAN_SET) == null) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "dropped the session-scoped beans of {0}, because the application has changed; other attributes are kept: {1}",
                    session,
                    e.getMessage());
            for (String name : new ArrayList<>(Collections.list(session.getAttributeNames()))) {
                if (isBean(name)) {
                    session.removeAttribute(name);
                }
            }
            requests.requestInitialized(event(wrapped));
        }
    }

    /** Undoes the start of a request that failed halfway. */
    private void abandon(HttpServletRequest wrapped) {
        try {
            requests.requestDestroyed(event(wrapped));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "could not undo the failed start of a request: {0}", e.toString());
        }
        wrapped.removeAttribute(NOT_BEGUN);
    }

    private ServletRequestEvent event(HttpServletRequest request) {
        return new ServletRequestEvent(context, request);
    }

    /** Returns the listener for Weld, which must be the first to be notified of new sessions and the last of ended ones. */
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
                runOnThreadWithoutRequest(() -> weld.sessionDestroyed(event));
            } else {
                weld.sessionDestroyed(event);
            }
        }
    }

    /** Runs an action on a new thread, which inherits the class loader of this one, and waits for it. */
    private static void runOnThreadWithoutRequest(Runnable action) {
        CompletableFuture.runAsync(action, task -> new Thread(task, "gatehouse-session-end").start())
                .join();
    }

    /** Returns whether a listener is the one that Weld has registered with the server. */
    boolean isWelds(Object listener) {
        return listener.getClass() == weld.getClass();
    }

    /**
     * Returns whether a session that ends belongs to another request than the current one. Weld assumes that it never does: when an
     * administrator ended the session of a user, Weld would destroy the beans of the administrator.
     */
    private boolean isOfAnotherRequest(HttpSession ending) {
        HttpServletRequest request = BOUND.get();
        HttpSession own = request == null ? null : request.getSession(false);
        return request != null && (own == null || !own.getId().equals(ending.getId()));
    }

    /** Returns objects whose class loaders can load the classes that CDI stores in sessions. */
    List<Object> anchors() {
        return List.of(weld, scope.beanManager());
    }

    void fire(Object event) {
        scope.fire(event);
    }

    /** Returns whether a session attribute with this name holds a CDI bean. Weld expects that every listed bean can be read. */
    static boolean isBean(String attribute) {
        return attribute.startsWith(BEANS);
    }
}
