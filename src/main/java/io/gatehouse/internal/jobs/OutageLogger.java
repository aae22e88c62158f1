package io.gatehouse.internal.jobs;

import java.util.concurrent.atomic.AtomicBoolean;

/** Says once that Redis is away, and once that it is back. Safe for use by several threads. */
final class OutageLogger {
    private static final System.Logger LOG = System.getLogger(OutageLogger.class.getName());

    private final AtomicBoolean away = new AtomicBoolean();

    void noted(RuntimeException why) {
        if (away.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.WARNING, "jobs wait for Redis: {0}", why.getMessage());
        }
    }

    void over() {
        if (away.compareAndSet(true, false)) {
            LOG.log(System.Logger.Level.INFO, "Redis is back for jobs");
        }
    }
}
