package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.springsession.SpringSessionImporter;
import jakarta.servlet.http.HttpSession;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adapts the sessions of one application to the servlet API: it gives each its {@link HttpSession} and notifies the listeners of
 * the application of what requests do to them. Has no state of its own. Thread-safe.
 */
public final class HttpSessionAdapter {
    private final SessionRepository sessionRepository;
    private final ListenerNotifier notifier;
    private final SessionImport imports;
    private final Supplier<Optional<String>> providerSession;

    /** @param notifier the observer of these sessions */
    public HttpSessionAdapter(SessionRepository sessionRepository, ListenerNotifier notifier) {
        this(sessionRepository, notifier, null, Optional::empty);
    }

    /**
     * Creates the adapter.
     *
     * @param notifier the observer of these sessions
     * @param importer imports sessions of Spring Session, or null
     * @param providerSession returns the session of the OpenID provider in which the user of the current request has logged in
     */
    public HttpSessionAdapter(
            SessionRepository sessionRepository,
            ListenerNotifier notifier,
            @Nullable SpringSessionImporter importer,
            Supplier<Optional<String>> providerSession) {
        this.providerSession = providerSession;
        this.sessionRepository = sessionRepository;
        this.notifier = notifier;
        this.imports = new SessionImport(
                importer, sessionRepository, notifier.container().applicationLoader());
    }

    /** Returns the session of the OpenID provider in which the user of the current request has logged in, or empty. */
    Optional<String> providerSession() {
        return providerSession.get();
    }

    /** Returns the import of sessions from Spring Session. */
    SessionImport imports() {
        return imports;
    }

    SessionRepository sessions() {
        return sessionRepository;
    }

    /** Returns the object that stands for a session in the application; always the same for all requests of this JVM. */
    HttpSession of(Session session) {
        return facade(session).exposed();
    }

    GatehouseSession facade(Session session) {
        return session.facade(GatehouseSession.class, made -> new GatehouseSession(made, this, notifier));
    }

    /**
     * Opens a session outside of requests, calls the consumer with it, and saves its changes.
     *
     * @param request the session as used by the request in which the ticket was created, or null if that request no longer uses it
     * @throws IllegalStateException if the session has ended or its id was changed
     */
    void access(VerifiedToken ticket, @Nullable Session request, Consumer<HttpSession> consumer) {
        Session session = sessionRepository.findByToken(ticket, request);
        if (session == null) {
            throw new IllegalStateException("the session has ended, or its id was changed");
        }
        DeferredExceptions exceptions = new DeferredExceptions();
        try {
            SessionScopes.run(new AccessScope(session, sessionRepository), () -> {
                exceptions.run(() -> consumer.accept(of(session)));
                exceptions.run(() -> sessionRepository.save(session));
            });
        } finally {
            sessionRepository.release(session);
        }
        exceptions.rethrow();
    }

    /** The scope of an access outside of requests. There is no response to which a cookie could be added. */
    private record AccessScope(Session current, SessionRepository sessions) implements SessionScope {
        @Override
        public boolean isResponseSent() {
            return true;
        }
    }

    /** Creates a session. The caller must report it by {@link #notifyCreated} when the request uses it. */
    Session create(Map<String, String> details) {
        return sessionRepository.create(notifier.context().getSessionTimeout() * 60L, details);
    }

    void notifyCreated(Session session) {
        notifier.sessionCreated(of(session));
    }

    /** Changes the id of a session without grace time. */
    void changeId(Session session) {
        String before = session.id();
        session.changeId();
        notifier.sessionIdChanged(of(session), before);
    }

    /** Changes the id of a session if it is older than the rotation interval. */
    void rotateIfDue(Session session) {
        String before = session.rotateIfDue();
        if (before != null) {
            notifier.sessionIdChanged(of(session), before);
        }
    }

    /**
     * Changes the id of a session before it becomes another user's. This protects an application that forgets to do so against
     * session fixation.
     *
     * @return the session on which the caller must set the user
     * @throws IllegalStateException if the client cannot be sent the new id
     */
    Session changeIdFor(String user, Session shared) {
        Session own = SessionScopes.resolve(shared);
        if (!own.needsNewIdFor(user)) {
            return own;
        }
        SessionScope scope = SessionScopes.current();
        boolean unbound = own == shared; // a thread of the application, which acts for the only request of the session
        Session acting = unbound ? own.onlyUser() : own;
        if (acting == shared) {
            throw cannotSetUser("several requests use the session, and this thread belongs to none of them");
        }
        if (!unbound && scope != null && scope.isResponseSent()) {
            throw cannotSetUser("the response is committed, so the client would not get the new id");
        }
        changeId(acting);
        return acting;
    }

    private static IllegalStateException cannotSetUser(String reason) {
        return new IllegalStateException("the session attribute " + Session.USER_ATTRIBUTE
                + " cannot be set to another user here, because that changes the id of the session: " + reason);
    }
}
