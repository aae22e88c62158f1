package io.gatehouse.internal.session;

import io.gatehouse.internal.tracing.Span;

/**
 * Receives the duration and the size of each save. Called in the thread of the save, by several threads at once, so implementations
 * must be fast and thread-safe. Exceptions are logged.
 */
@FunctionalInterface
public interface SaveObserver {
    /** An observer that ignores all saves. */
    SaveObserver NONE = (nanos, bytes) -> {};

    /**
     * Called after a session was stored.
     *
     * @param nanos the duration in nanoseconds, including merges
     * @param bytes the size of the record, without its key and the overhead of Redis
     */
    void saved(long nanos, long bytes);

    /** Called before a session is sent to Redis; the caller closes the span after the reply. Must not throw. */
    default Span begin() {
        return Span.NONE;
    }
}
