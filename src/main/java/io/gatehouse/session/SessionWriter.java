package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.redis.Reply;
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
    private static final System.Logger LOG = System.getLogger(SessionWriter.class.getName());
    private static final int MOST_CONFLICTS = 50;

    private final RecordFormat format;
    private final SessionStore store;
    private final UserIndex users;
    private final SessionCounters counters;
    private final SessionLimit limit;
    private final Redis redis;
    private final SaveObserver observer;

    SessionWriter(
            RecordFormat format,
            SessionStore store,
            UserIndex users,
            SessionCounters counters,
            SessionLimit limit,
            Redis redis,
            SaveObserver observer) {
        this.format = format;
        this.store = store;
        this.users = users;
        this.counters = counters;
        this.limit = limit;
        this.redis = redis;
        this.observer = observer;
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
            long start = System.nanoTime();
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
                List<Call<Long>> filings = filings(session.location(), change);
                SessionStore.Saved saved = store.save(
                        session.location(),
                        change.seal(),
                        change.metadata(),
                        writing,
                        dropped(session, writing),
                        limit.isOn() ? List.of() : filings);
                if (saved instanceof SessionStore.Stored) {
                    session.stored(change, writing.values(), writing.seal());
                    counters.count(change.seal() == null ? SessionEvent.CREATED : SessionEvent.SAVED);
                    tell(System.nanoTime() - start, writing.bytes());
                    if (limit.isOn()) {
                        fileWithin(change.metadata().user(), filings);
                    }
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

    private void tell(long nanos, long bytes) {
        try {
            observer.saved(nanos, bytes);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "an observer of sessions failed", e);
        }
    }

    /** Only when the record is there: who counts the sessions of a user must not take this one for gone. */
    private void fileWithin(String user, List<Call<Long>> filings) {
        if (filings.isEmpty()) {
            return;
        }
        Flight flight = new Flight();
        List<Reply<Long>> counts = filings.stream().map(flight::add).toList();
        redis.send(flight);
        if (!user.isEmpty()) {
            limit.enforce(user, counts.get(counts.size() - 1).value());
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
            filings.add(users.file(after.user(), location, after.expiresAt(), !sameUser));
        }
        return filings;
    }
}
