package io.gatehouse.internal.session;

import io.gatehouse.session.EndReason;

/**
 * Calls the {@link SessionObserver} of an application, and names the repository of the session in each call. The observer
 * therefore needs no reference to the repository, and can be created before it. Thread-safe if the observer is.
 */
final class SessionNotifier {
    private final SessionRepository sessionRepository;
    private final SessionObserver observer;

    SessionNotifier(SessionRepository sessionRepository, SessionObserver observer) {
        this.sessionRepository = sessionRepository;
        this.observer = observer;
    }

    /** Returns whether this process notifies the listeners of the application. */
    boolean isLocal() {
        return observer.isLocal();
    }

    void activated(Session session, Object value) {
        observer.activated(sessionRepository, session, value);
    }

    void passivating(Session session, Object value) {
        observer.passivating(sessionRepository, session, value);
    }

    void ended(Session session, EndReason reason) {
        observer.ended(sessionRepository, session, reason);
    }
}
