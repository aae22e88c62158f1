package io.gatehouse.internal.session;

/**
 * What wants to know how long it takes to store sessions, and how large they are. Called in the thread that stored one, by
 * several at once, and has to be quick; what it throws is logged and goes no further.
 */
@FunctionalInterface
public interface SaveObserver {
    /** Wants to know nothing. */
    SaveObserver NONE = (nanos, bytes) -> {};

    /**
     * A session was stored.
     *
     * @param nanos how long it took, with all that had to be merged
     * @param bytes what it takes in Redis, its keys and Redis' own needs not counted
     */
    void saved(long nanos, long bytes);
}
