package io.gatehouse.session;

/**
 * What wants to know what becomes of sessions and their values: the rim, which passes it on to the application's listeners.
 * Called in the thread in which it happens, by several threads at once. What it throws from {@link #ended} reaches the
 * application if that has invalidated the session itself; otherwise it is logged and goes no further.
 */
public interface SessionObserver {
    /** Wants to know nothing. */
    SessionObserver NONE = new SessionObserver() {};

    /**
     * Stands for those who want to hear of ends and are in other processes only: what is ended here is claimed, and told and
     * removed by whichever node cleans up next.
     */
    SessionObserver ELSEWHERE = new SessionObserver() {
        @Override
        public boolean isHere() {
            return false;
        }
    };

    /** Whether ends are to be told in this process. */
    default boolean isHere() {
        return true;
    }

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
