package io.gatehouse.internal.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The requests that use a live session now, each represented by its {@link Session}. Thread-safe. */
final class ActiveRequests {
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    void add(Session session) {
        sessions.add(session);
    }

    void remove(Session session) {
        sessions.remove(session);
    }

    boolean contains(Session session) {
        return sessions.contains(session);
    }

    /** Returns the only request that uses the session, or null if there are none or several. */
    @Nullable
    Session only() {
        List<Session> all = List.copyOf(sessions);
        return all.size() == 1 ? all.get(0) : null;
    }
}
