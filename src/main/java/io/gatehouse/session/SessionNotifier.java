package io.gatehouse.session;

/**
 * Calls the {@link SessionObserver} of an application, and names the repository of the session in each call. The observer
 * therefore needs no reference to the repository, and can be created before it. Thread-safe if the observer is.
 */
final class SessionNotifier {
    private final Sessions sessions;
    private final SessionObserver observer;

    SessionNotifier(Sessions sessions, SessionObserver observer) {
        this.sessions = sessions;
        this.observer = observer;
    }

    /** Returns whether this process notifies the listeners of the application. */
    boolean isHere() {
        return observer.isHere();
    }

    void activated(Session session, Object value) {
        observer.activated(sessions, session, value);
    }

    void passivating(Session session, Object value) {
        observer.passivating(sessions, session, value);
    }

    void ended(Session session, EndReason reason) {
        observer.ended(sessions, session, reason);
    }
}
