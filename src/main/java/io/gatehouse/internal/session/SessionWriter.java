package io.gatehouse.internal.session;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.lease.LeaseChange;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RecordCodec.Writing;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.tracing.Span;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Saves live sessions, merging with the changes of other nodes. One round trip, and one more for each conflict and for {@link IndexUpdates}
 * that must follow the save. Thread-safe.
 *
 * <p>A save has four steps. {@link LiveSession#draft} encodes the values, without a lock. {@link LiveSession#change} compares the draft and the
 * metadata with the <em>base</em>, the revision that was last read or written. The change is sent with the revision tag of the base. If Redis
 * accepts it, {@link LiveSession#stored} makes it the new base; if another node has stored a revision in between, the reply contains that
 * revision, {@link LiveSession#merge} makes it the new base, and the save is repeated. The base changes only while {@link LiveSession#saving} is
 * held, so the outcome of a save never replaces a newer revision that another request has read meanwhile. If the id was changed
 * without grace time in between, the request is cut off instead, and its changes are dropped. The revision may also be this node's own,
 * if the reply to an earlier save is missing ({@link BaseRevision}).
 */
final class SessionWriter {
    private static final System.Logger LOG = System.getLogger(SessionWriter.class.getName());
    private static final int MOST_ATTEMPTS = 1_000;

    private final RecordCodec format;
    private final RedisSessionStore store;
    private final UserIndex users;
    private final SessionCounters counters;
    private final SessionEviction eviction;
    private final Redis redis;
    private final SaveObserver observer;
    private final SessionLeases leases;

    SessionWriter(
            RecordCodec format,
            RedisSessionStore store,
            UserIndex users,
            SessionCounters counters,
            SessionEviction eviction,
            Redis redis,
            SaveObserver observer,
            SessionLeases leases) {
        this.format = format;
        this.store = store;
        this.users = users;
        this.counters = counters;
        this.eviction = eviction;
        this.redis = redis;
        this.observer = observer;
        this.leases = leases;
    }

    /**
     * Saves the changes of a session, if there are any.
     *
     * <p>Values are encoded before the lock is acquired, because encoding runs code of the application, which may wait for a thread that
     * waits for the lock. If another save has finished in between, it may have stored newer values than those that were encoded, so they
     * are encoded again.
     *
     * @param creation the limit for a new session without a user
     * @return whether the session still exists and the request is not cut off
     * @throws RedisUnavailableException if the changes could not be stored
     * @throws SessionConflictException if there were too many conflicts
     */
    boolean save(Session session, CreationLimit creation) {
        LiveSession live = session.live();
        long start = System.nanoTime();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            if (live.isEnded()) {
                return false;
            }
            if (!live.mayHaveChanged()) {
                leases.awaitStored(live.keys().lookup());
                return !session.isCutOff();
            }
            AttributeDraft draft = live.draft(session, session.isShared());
            if (session.isCutOff()) {
                return cutOff(live, draft);
            }
            Step step = settledStep(session, draft, attempt == 0 ? creation : CreationLimit.NONE);
            if (step instanceof Done done) {
                SessionChange change = done.change();
                if (change == null) {
                    leases.awaitStored(live.keys().lookup());
                } else {
                    notifyObserver(System.nanoTime() - start, done.bytes());
                    updateIndexes(change.metadata().user(), done.indexUpdates());
                }
                return true;
            }
            if (step instanceof Lost) {
                return false;
            }
        }
        throw new SessionConflictException();
    }

    /** The outcome of one attempt to save. */
    private sealed interface Step {}

    /** The change is stored, and is null if nothing differed; the index updates are those that must follow it. */
    private record Done(@Nullable SessionChange change, long bytes, List<RedisCall<Long>> indexUpdates)
            implements Step {}

    /** A newer revision was stored; the values must be encoded again. */
    private record Again() implements Step {}

    /** The session has ended, or the request is cut off. */
    private record Lost() implements Step {}

    /** Makes one attempt; then waits, without the lock, until no other node answers from a copy without the change. */
    private Step settledStep(Session session, AttributeDraft draft, CreationLimit creation) {
        try (LeaseChange change = leases.change(session.keys().lookup())) {
            return step(session, draft, creation, change);
        }
    }

    private Step step(Session session, AttributeDraft draft, CreationLimit creation, LeaseChange leaseChange) {
        LiveSession live = session.live();
        live.saving.lock();
        try {
            if (!live.attributes().isCurrent(draft)) { // another save was first
                return new Again();
            }
            SessionChange change = live.change(draft);
            if (change == null) {
                live.confirmed(draft);
                return new Done(null, 0, List.of());
            }
            if (change.revisionTag() == null && live.ending.hasBegun()) {
                return new Lost();
            }
            Writing writing = format.write(
                    live.keys(), change.metadata(), change.attributes().values(), change.rewrite());
            CreationLimit limit = change.isAnonymousCreation() ? creation : CreationLimit.NONE;
            IndexUpdates updates = new IndexUpdates(users, live.keys(), change, eviction.isLimited());
            RedisSessionStore.Saved saved;
            try {
                saved = send(live, change, writing, leaseChange, pipeline -> {
                    updates.addTo(pipeline);
                    limit.begin(pipeline);
                });
                updates.requireAdded();
            } catch (RedisUnavailableException e) {
                live.unanswered(change);
                throw e;
            }
            if (saved instanceof RedisSessionStore.Stored) {
                stored(session, change, writing);
                limit.decide();
                return new Done(change, writing.bytes(), updates.following());
            }
            return merge(live, saved, draft, updates);
        } finally {
            live.saving.unlock();
        }
    }

    private RedisSessionStore.Saved send(
            LiveSession live,
            SessionChange change,
            Writing writing,
            LeaseChange leaseChange,
            Consumer<Pipeline> alongside) {
        try (Span span = observer.begin()) {
            try {
                return store.save(
                        live.keys(),
                        change.revisionTag(),
                        change.metadata(),
                        writing,
                        dropped(live, writing),
                        leaseChange,
                        alongside);
            } catch (RuntimeException e) {
                span.failed(e);
                throw e;
            }
        }
    }

    private void stored(Session session, SessionChange change, Writing writing) {
        LiveSession live = session.live();
        live.stored(change, writing.values(), writing.revisionTag());
        counters.count(change.revisionTag() == null ? SessionEvent.CREATED : SessionEvent.SAVED);
        LocalSessions.Hold hold = session.hold();
        if (hold != null) {
            hold.useRecorded();
            hold.replace(live);
        }
    }

    private Step merge(LiveSession live, RedisSessionStore.Saved saved, AttributeDraft draft, IndexUpdates updates) {
        if (saved instanceof RedisSessionStore.Conflict conflict
                && conflict.current() instanceof RedisSessionStore.Found found) {
            if (live.isReplacedBy(found.session().metadata())) { // smaller if a failover has lost the id change
                live.supersede();
                Pipeline restoring = new Pipeline();
                updates.restoring(found.session().metadata()).forEach(restoring::add);
                if (!restoring.isEmpty()) {
                    redis.send(restoring);
                }
                counters.count(SessionEvent.REQUEST_CUT_OFF);
                return new Lost();
            }
            counters.count(SessionEvent.MERGED);
            live.merge(found.session(), draft);
            return new Again();
        }
        if (saved instanceof RedisSessionStore.Conflict conflict
                && conflict.current() instanceof RedisSessionStore.Untrusted untrusted) {
            counters.countRejected(live.keys(), untrusted.reason());
        }
        counters.count(SessionEvent.SAVED_TOO_LATE);
        live.end();
        return new Lost();
    }

    private boolean cutOff(LiveSession live, AttributeDraft draft) {
        if (live.change(draft) != null) {
            counters.count(SessionEvent.REQUEST_CUT_OFF);
        }
        return false;
    }

    private void notifyObserver(long nanos, long bytes) {
        try {
            observer.saved(nanos, bytes);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A save observer failed", e);
        }
    }

    /**
     * Makes the index updates that follow a change, and enforces the limit. Called after the record was stored, because an index entry without
     * a record counts as a session that no longer exists.
     */
    private void updateIndexes(String user, List<RedisCall<Long>> indexUpdates) {
        if (indexUpdates.isEmpty()) {
            return;
        }
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> counts = indexUpdates.stream().map(pipeline::add).toList();
        redis.send(pipeline);
        UserIndex.requireAdded(counts);
        if (eviction.isLimited() && !user.isEmpty()) {
            eviction.enforce(user, counts.get(counts.size() - 1).get());
        }
    }

    private static List<String> dropped(LiveSession live, Writing writing) {
        List<String> names = live.attributes().storedFields();
        names.removeAll(RecordCodec.fieldNames(writing.values()));
        return names;
    }
}
