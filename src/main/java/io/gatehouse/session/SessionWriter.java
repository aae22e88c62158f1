package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.session.RecordFormat.Writing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Stores what changed in live sessions, merging with what other nodes stored meanwhile; one round trip, one more for each
 * conflict. Safe for use by several threads.
 */
final class SessionWriter {
    private static final int MOST_CONFLICTS = 50;

    private final RecordFormat format;
    private final SessionStore store;
    private final UserIndex users;
    private final SessionCounters counters;

    SessionWriter(RecordFormat format, SessionStore store, UserIndex users, SessionCounters counters) {
        this.format = format;
        this.store = store;
        this.users = users;
        this.counters = counters;
    }

    /**
     * Stores what changed, if anything did.
     *
     * @return whether the session is still there
     * @throws RedisUnavailable if it could not be stored
     * @throws SessionConflict if other nodes were faster too often
     */
    boolean save(Session session) {
        session.saving.lock();
        try {
            for (int attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
                SessionChange change = session.isEnded() ? null : session.change();
                if (change == null) {
                    return !session.isEnded();
                }
                Writing writing = format.write(
                        session.location(),
                        change.metadata(),
                        change.attributes().values(),
                        change.rewrite());
                SessionStore.Saved saved = store.save(
                        session.location(),
                        change.seal(),
                        change.metadata(),
                        writing,
                        dropped(session, writing),
                        filings(session.location(), change));
                if (saved instanceof SessionStore.Stored) {
                    session.stored(change, writing.values(), writing.seal());
                    counters.count(change.seal() == null ? SessionEvent.CREATED : SessionEvent.SAVED);
                    return true;
                }
                if (!merge(session, saved)) {
                    return false;
                }
            }
            throw new SessionConflict();
        } finally {
            session.saving.unlock();
        }
    }

    private boolean merge(Session session, SessionStore.Saved saved) {
        if (saved instanceof SessionStore.Conflict conflict && conflict.theirs() instanceof SessionStore.Found found) {
            counters.count(SessionEvent.MERGED);
            session.rebase(found.session());
            return true;
        }
        if (saved instanceof SessionStore.Conflict conflict
                && conflict.theirs() instanceof SessionStore.Untrusted untrusted) {
            counters.countRejected(session.location(), untrusted.reason());
        }
        counters.count(SessionEvent.SAVED_TOO_LATE);
        session.end();
        return false;
    }

    private static Set<String> dropped(Session session, Writing writing) {
        Set<String> names = new LinkedHashSet<>(session.storedFields());
        names.removeAll(RecordFormat.fieldNames(writing.values()));
        return names;
    }

    /** What keeps the lists of users right; also when the end has moved, which is what they are sorted by. */
    private List<Call<Long>> filings(Location location, SessionChange change) {
        Metadata before = change.before();
        Metadata after = change.metadata();
        boolean sameUser = before.user().equals(after.user());
        if (sameUser && before.expiresAt() == after.expiresAt()) {
            return List.of();
        }
        List<Call<Long>> filings = new ArrayList<>();
        if (!sameUser) {
            filings.addAll(users.unfile(before.user(), location));
        }
        if (!after.user().isEmpty()) {
            filings.add(users.file(after.user(), location, after.expiresAt()));
        }
        return filings;
    }
}
