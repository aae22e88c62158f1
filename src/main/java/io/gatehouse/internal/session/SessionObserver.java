package io.gatehouse.internal.session;

import io.gatehouse.session.EndReason;

/**
 * Receives the events of sessions and of their attribute values, and passes them to the listeners of the application. Each call
 * names the {@link SessionRepository} that the session belongs to. Calls come from the thread in which the event happens, and from several
 * threads at once.
 *
 * <p>An exception from {@link #ended} reaches the application if it has invalidated the session itself; otherwise it is logged.
 */
public interface SessionObserver {
    /** An observer that ignores all events. */
    SessionObserver NONE = new SessionObserver() {};

    /**
     * The observer of a process without the application, such as a command. Ends are only claimed there. The node that cleans up
     * next notifies the listeners and removes the sessions.
     */
    SessionObserver ELSEWHERE = new SessionObserver() {
        @Override
        public boolean isLocal() {
            return false;
        }
    };

    /** Returns whether this process notifies the listeners of the application when a session ends. */
    default boolean isLocal() {
        return true;
    }

    /** Called before a value is used for the first time since it was read from Redis or written to it. */
    default void activated(SessionRepository sessionRepository, Session session, Object value) {}

    /** Called before a value is written to Redis. */
    default void passivating(SessionRepository sessionRepository, Session session, Object value) {}

    /**
     * Called when a session has ended, on exactly one node of the cluster. The attributes can be read until this method returns.
     */
    default void ended(SessionRepository sessionRepository, Session session, EndReason reason) {}
}
