package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionKeys;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps attribute values that cannot be stored between the requests of this node. The values of a session are removed when the session
 * ends on this node, is found to have ended on another, or was not used on this node during its idle timeout. Thread-safe.
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

    /** Keeps the local values of a session for its idle timeout, at most one day. */
    void keep(Session session) {
        if (!session.isEnded() && !session.isCutOff()) {
            keep(session.keys(), session.live().attributes().localValues(), session.idleSeconds());
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

    /** Returns the local values of a session. */
    Map<String, Object> of(SessionKeys sessionKeys) {
        Kept kept = sessions.get(sessionKeys.lookup());
        return kept == null ? Map.of() : kept.values();
    }

    /** Removes the local values of a session. */
    void forget(SessionKeys sessionKeys) {
        sessions.remove(sessionKeys.lookup());
    }
}
