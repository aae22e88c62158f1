package io.gatehouse.session;

/**
 * What wants to know what becomes of sessions and their values: the rim, which passes it on to the application's listeners.
 * Called in the thread in which it happens, by several threads at once. What it throws from {@link #ended} reaches the
 * application if that has invalidated the session itself; otherwise it is logged and goes no further.
 */
public interface SessionObserver {
    /** Wants to know nothing. */
    SessionObserver NONE = new SessionObserver() {};

    /** A value is about to be seen that was read back, or written, since it was seen last. */
    default void activated(Session session, Object value) {}

    /** A value is about to be written. */
    default void passivating(Session session, Object value) {}

    /**
     * A session has ended, and this node is the one to tell so: in the whole cluster nobody else does. Until this returns its
     * attributes can be read.
     */
    default void ended(Session session, EndReason reason) {}
}
