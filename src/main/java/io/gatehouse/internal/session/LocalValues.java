package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionKeys;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The values of attributes that cannot be stored, by session, between the requests of this node. They stay until their session
 * ends here, is found to have ended elsewhere, or has not been used here for as long as it may be idle. Thread-safe.
 */
final class LocalValues {
    private static final long SWEEP_EVERY_MILLIS = 30_000;
    private static final long LONGEST_MILLIS = 24L * 60 * 60 * 1000;

    private final InstantSource clock;
    private final Map<String, Kept> sessions = new ConcurrentHashMap<>();
    private final AtomicLong sweepAt = new AtomicLong();

    LocalValues(InstantSource clock) {
        this.clock = clock;
    }

    private record Kept(Map<String, Object> values, long until) {}

    /** Keeps what a session has now, for as long as it may be idle; 0 stands for ever and counts as a day. */
    void keep(Session session) {
        if (!session.isEnded() && !session.isCutOff()) {
            keep(session.location(), session.live().attributes().localValues(), session.idleSeconds());
        }
    }

    private void keep(SessionKeys sessionKeys, Map<String, Object> values, long idleSeconds) {
        if (values.isEmpty()) {
            sessions.remove(sessionKeys.lookup());
            return;
        }
        long idle = idleSeconds <= 0 ? LONGEST_MILLIS : Math.min(LONGEST_MILLIS, idleSeconds * 1000);
        long now = clock.millis();
        sessions.put(sessionKeys.lookup(), new Kept(Map.copyOf(values), now + idle));
        long due = sweepAt.get();
        if (now >= due && sweepAt.compareAndSet(due, now + SWEEP_EVERY_MILLIS)) {
            sessions.values().removeIf(kept -> kept.until() <= now);
        }
    }

    Map<String, Object> of(SessionKeys sessionKeys) {
        Kept kept = sessions.get(sessionKeys.lookup());
        return kept == null ? Map.of() : kept.values();
    }

    void forget(SessionKeys sessionKeys) {
        sessions.remove(sessionKeys.lookup());
    }
}
