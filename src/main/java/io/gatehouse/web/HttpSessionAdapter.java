package io.gatehouse.web;

import io.gatehouse.container.Container;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.Session;
import io.gatehouse.session.SessionEnded;
import io.gatehouse.session.SessionObserver;
import io.gatehouse.session.SessionTicket;
import io.gatehouse.session.Sessions;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of an application as {@link HttpSession}s, and everybody in it who is to hear of them. Listeners are told in
 * the order of their registration, of an end in the reverse.
 *
 * <p>A listener that throws does not keep the others from hearing of an end. What listeners throw reaches the application's
 * call that was the cause; at an end without a request it is logged.
 */
public final class HttpSessionAdapter implements SessionObserver {
    /** What the thread works for; of whichever application, since a use knows only the sessions of its own. */
    private static final ThreadLocal<@Nullable Use> USES = new ThreadLocal<>();

    private final Container container;
    private final ServletContext context;
    private final Supplier<Sessions> sessions;

    /**
     * Code of the application that runs on behalf of one request. A session object is shared by all requests of this JVM; what
     * a call on it may see and do depends on the request whose thread makes the call.
     */
    interface Use {
        /** The session of the request, or null. */
        @Nullable
        Session current();

        /** Whether the client cannot be sent a cookie any more. */
        boolean hasAnswerLeft();
    }

    /** @param sessions gives the sessions, once they are there; they want an observer, which this is */
    public HttpSessionAdapter(Container container, ServletContext context, Supplier<Sessions> sessions) {
        this.container = container;
        this.context = context;
        this.sessions = sessions;
    }

    Sessions sessions() {
        return sessions.get();
    }

    HttpSession of(Session session) {
        return facade(session).face();
    }

    private GatehouseSession facade(Session session) {
        return session.facade(GatehouseSession.class, made -> new GatehouseSession(made, this, container, context));
    }

    /** Makes the calling thread act on behalf of a request, or of none, and returns the use that it acted for before. */
    @Nullable
    Use bind(@Nullable Use use) {
        Use before = USES.get();
        if (use == null) {
            USES.remove();
        } else {
            USES.set(use);
        }
        return before;
    }

    /** What a call of this thread on a shared session object acts on. */
    Session seenBy(Session shared) {
        Use use = USES.get();
        Session own = use == null ? null : use.current();
        return own != null && own.covers(shared) ? own : shared;
    }

    /**
     * Opens a session outside of requests, lets the consumer use it, and stores what it changed.
     *
     * @param request the session as the request used it that the ticket was taken in, or null if that is not in use any more
     * @throws IllegalStateException if it has ended or its id was changed
     */
    void access(SessionTicket ticket, @Nullable Session request, Consumer<HttpSession> consumer) {
        Session session = sessions().reopen(ticket, request);
        if (session == null) {
            throw new IllegalStateException("the session has ended, or its id was changed");
        }
        DeferredExceptions failures = new DeferredExceptions();
        Use before = bind(new Use() {
            @Override
            public Session current() {
                return session;
            }

            @Override
            public boolean hasAnswerLeft() {
                return true;
            }
        });
        try {
            failures.guard(() -> consumer.accept(of(session)));
            failures.guard(() -> sessions().save(session));
        } finally {
            bind(before);
            sessions().release(session);
        }
        failures.rethrow();
    }

    /** Makes a session; nobody has heard of it yet. */
    Session create(Map<String, String> details) {
        return sessions().create(context.getSessionTimeout() * 60L, details);
    }

    void created(Session session) {
        HttpSessionEvent event = new HttpSessionEvent(of(session));
        container.listeners().sessions().forEach(listener -> listener.sessionCreated(event));
    }

    /** Ends a session; says whether nobody has begun to end it before. */
    boolean invalidate(Session session) {
        return sessions().invalidate(session);
    }

    void changeId(Session session) {
        String before = session.id();
        session.changeId();
        idChanged(session, before);
    }

    /** Gives a session a new id if the one it has is old. */
    void rotateIfDue(Session session) {
        String before = session.id();
        if (session.rotateIfDue()) {
            idChanged(session, before);
        }
    }

    private void idChanged(Session session, String before) {
        HttpSessionEvent event = new HttpSessionEvent(of(session));
        container.listeners().ids().forEach(listener -> listener.sessionIdChanged(event, before));
    }

    /**
     * Gives a session a new id before it becomes another user's, so that an application that forgets to do so is safe against
     * session fixation. Returns the session to go on with.
     *
     * @throws IllegalStateException if the client cannot be sent the new id
     */
    private Session changeIdFor(String user, Session shared) {
        Session own = seenBy(shared);
        if (!own.needsNewIdFor(user)) {
            return own;
        }
        Use use = USES.get();
        boolean elsewhere = own == shared; // a thread of the application, which acts for the only request there is
        Session acting = elsewhere ? own.onlyUser() : own;
        if (acting == shared || (!elsewhere && use != null && use.hasAnswerLeft())) {
            throw new IllegalStateException("the session attribute " + Session.USER_ATTRIBUTE
                    + " cannot be set to another user here, because that changes the id of the session: "
                    + (acting == shared
                            ? "several requests use the session, and this thread belongs to none of them"
                            : "the response has left, so the client would not get the new id"));
        }
        changeId(acting);
        return acting;
    }

    void set(GatehouseSession session, String name, Object value) {
        Object before = session.getAttribute(name); // so that what is replaced has been read
        Session target = name.equals(Session.USER_ATTRIBUTE)
                ? changeIdFor(value.toString(), session.shared())
                : seenBy(session.shared());
        Object replaced = target.setAttribute(name, value, () -> {
            if (value != before && value instanceof HttpSessionBindingListener listener) {
                listener.valueBound(new HttpSessionBindingEvent(session.face(), name, value));
            }
        });
        DeferredExceptions failures = new DeferredExceptions();
        if (replaced != value && replaced instanceof HttpSessionBindingListener listener) {
            failures.guard(() -> listener.valueUnbound(new HttpSessionBindingEvent(session.face(), name, replaced)));
        }
        HttpSessionBindingEvent event =
                new HttpSessionBindingEvent(session.face(), name, replaced == null ? value : replaced);
        container
                .listeners()
                .attributes()
                .forEach(listener -> failures.guard(() -> {
                    if (replaced == null) {
                        listener.attributeAdded(event);
                    } else {
                        listener.attributeReplaced(event);
                    }
                }));
        failures.rethrow();
    }

    /** An attribute is gone. */
    void removed(GatehouseSession session, String name, Object value) {
        DeferredExceptions failures = new DeferredExceptions();
        HttpSessionBindingEvent event = new HttpSessionBindingEvent(session.face(), name, value);
        if (value instanceof HttpSessionBindingListener listener) {
            failures.guard(() -> listener.valueUnbound(event));
        }
        container.listeners().attributes().forEach(listener -> failures.guard(() -> listener.attributeRemoved(event)));
        failures.rethrow();
    }

    @Override
    public void activated(Session session, Object value) {
        if (value instanceof HttpSessionActivationListener listener) {
            listener.sessionDidActivate(new HttpSessionEvent(of(session)));
        }
    }

    @Override
    public void passivating(Session session, Object value) {
        if (value instanceof HttpSessionActivationListener listener) {
            listener.sessionWillPassivate(new HttpSessionEvent(of(session)));
        }
    }

    /** Tells of the end while everything can be read, then takes every attribute out. */
    @Override
    public void ended(Session session, EndReason reason) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(container.applicationLoader());
        try {
            tell(facade(session), new SessionEnded(session.handle(), session.user(), reason));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void tell(GatehouseSession session, SessionEnded ended) {
        session.markEnding(ended.reason());
        DeferredExceptions failures = new DeferredExceptions();
        HttpSessionEvent event = new HttpSessionEvent(session.face());
        List<jakarta.servlet.http.HttpSessionListener> listeners =
                container.listeners().sessions();
        for (int i = listeners.size() - 1; i >= 0; i--) {
            int index = i;
            failures.guard(() -> listeners.get(index).sessionDestroyed(event));
        }
        for (String name : session.names()) {
            failures.guard(() -> session.removeAttribute(name));
        }
        failures.guard(() -> container.fire(ended));
        failures.rethrow();
    }
}
