package io.gatehouse.internal.jobs;

import java.util.concurrent.atomic.AtomicBoolean;

/** Logs the start and the end of an outage of Redis, each once. Thread-safe. */
final class OutageLogger {
    private static final System.Logger LOG = System.getLogger(OutageLogger.class.getName());

    private final AtomicBoolean unavailable = new AtomicBoolean();

    /** Records a failed call. */
    void onFailure(RuntimeException failure) {
        if (unavailable.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.WARNING, "Jobs wait for Redis: {0}", failure.getMessage());
        }
    }

    /** Records a successful call. */
    void onSuccess() {
        if (unavailable.compareAndSet(true, false)) {
            LOG.log(System.Logger.Level.INFO, "Redis is available again for jobs");
        }
    }
}
