package io.gatehouse.internal.oidc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts logout requests of the OpenID provider on this node by their outcome. Thread-safe. */
public final class LogoutCounters {
    private final Map<LogoutOutcome, Long> counts = new ConcurrentHashMap<>();

    void count(LogoutOutcome outcome) {
        counts.merge(outcome, 1L, Long::sum);
    }

    /** Returns how many requests had an outcome since this node started. */
    public long of(LogoutOutcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }
}
