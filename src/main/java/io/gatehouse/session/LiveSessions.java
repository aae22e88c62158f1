package io.gatehouse.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that requests of this JVM hold right now, each once, and how many requests hold each. Safe for use by several
 * threads.
 */
final class LiveSessions {
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    private record Held(Session session, int holders) {}

    /**
     * Takes hold of a session.
     *
     * @param join what to do with the one that is held already, under its lock
     * @param make makes it, if none is held
     */
    Session hold(Location location, UnaryOperator<Session> join, Supplier<Session> make) {
        Held now = held.compute(
                location.lookup(),
                (lookup, before) -> before == null
                        ? new Held(make.get(), 1)
                        : new Held(join.apply(before.session()), before.holders() + 1));
        return now.session();
    }

    /** The live session at a place, or null if no request holds one. */
    @Nullable
    Session find(Location location) {
        Held now = held.get(location.lookup());
        return now == null ? null : now.session();
    }

    void release(Session session) {
        held.computeIfPresent(
                session.location().lookup(),
                (lookup, before) -> before.holders() == 1 ? null : new Held(before.session(), before.holders() - 1));
    }

    int size() {
        return held.size();
    }
}
