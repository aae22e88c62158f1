package io.gatehouse.internal.session;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RecordCodec.Writing;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores what changed in live sessions, merging with what other nodes stored meanwhile; one round trip, one more for each
 * conflict. Safe for use by several threads.
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

    SessionWriter(
            RecordCodec format,
            RedisSessionStore store,
            UserIndex users,
            SessionCounters counters,
            SessionEviction eviction,
            Redis redis,
            SaveObserver observer) {
        this.format = format;
        this.store = store;
        this.users = users;
        this.counters = counters;
        this.eviction = eviction;
        this.redis = redis;
        this.observer = observer;
    }

    /**
     * Stores what changed, if anything did.
     *
     * <p>Values are encoded before the lock is taken, because encoding runs code of the application, which may wait for a
     * thread that waits for the lock. If another save has finished in between, what it stored may be newer than what was
     * encoded, so the values are encoded once more.
     *
     * @param creation asked if the session is new and has no user
     * @return whether the session is still there and the request still has a part in it
     * @throws RedisUnavailableException if it could not be stored
     * @throws SessionConflictException if other requests were faster too often
     */
    boolean save(Session session, CreationLimit creation) {
        LiveSession live = session.live();
        long start = System.nanoTime();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            if (live.isEnded()) {
                return false;
            }
            if (!live.mayHaveChanged()) {
                return !session.isCutOff();
            }
            AttributeDraft draft = live.draft(session, session.isShared());
            if (session.isCutOff()) {
                return cutOff(live, draft);
            }
            Step step = step(session, draft, attempt == 0 ? creation : CreationLimit.NONE);
            if (step instanceof Done done) {
                SessionChange change = done.change();
                if (change != null) {
                    notifyObserver(System.nanoTime() - start, done.bytes());
                    if (eviction.isLimited()) {
                        fileWithin(change.metadata().user(), done.filings());
                    }
                }
                return true;
            }
            if (step instanceof Lost) {
                return false;
            }
        }
        throw new SessionConflictException();
    }

    /** What one attempt to save gave. */
    private sealed interface Step {}

    /** It is stored, or nothing differed; then there is no change. */
    private record Done(@Nullable SessionChange change, long bytes, List<RedisCall<Long>> filings) implements Step {}

    /** Something newer was stored; the values must be encoded again. */
    private record Again() implements Step {}

    /** The session has ended, or its id was changed without this request. */
    private record Lost() implements Step {}

    private Step step(Session session, AttributeDraft draft, CreationLimit creation) {
        LiveSession live = session.live();
        live.saving.lock();
        try {
            if (live.attributes().revision() != draft.revision()) { // another save has come first
                return new Again();
            }
            SessionChange change = live.change(draft);
            if (change == null) {
                return new Done(null, 0, List.of());
            }
            Writing writing = format.write(
                    live.location(), change.metadata(), change.attributes().values(), change.rewrite());
            List<RedisCall<Long>> filings = filings(live.location(), change);
            CreationLimit asked = change.isAnonymousCreation() ? creation : CreationLimit.NONE;
            List<Response<Long>> filed = new ArrayList<>();
            RedisSessionStore.Saved saved = store.save(
                    live.location(), change.seal(), change.metadata(), writing, dropped(live, writing), pipeline -> {
                        if (!eviction.isLimited()) {
                            filings.forEach(filing -> filed.add(pipeline.add(filing)));
                        }
                        asked.begin(pipeline);
                    });
            UserIndex.requireAdded(filed);
            if (saved instanceof RedisSessionStore.Stored) {
                stored(session, change, writing);
                asked.decide();
                return new Done(change, writing.bytes(), filings);
            }
            return merge(live, saved, draft);
        } finally {
            live.saving.unlock();
        }
    }

    private void stored(Session session, SessionChange change, Writing writing) {
        LiveSession live = session.live();
        live.stored(change, writing.values(), writing.seal());
        counters.count(change.seal() == null ? SessionEvent.CREATED : SessionEvent.SAVED);
        LocalSessions.Hold hold = session.hold();
        if (hold != null) {
            hold.noted();
            hold.replace(live);
        }
    }

    private Step merge(LiveSession live, RedisSessionStore.Saved saved, AttributeDraft draft) {
        if (saved instanceof RedisSessionStore.Conflict conflict
                && conflict.theirs() instanceof RedisSessionStore.Found found) {
            if (found.session().metadata().identity() > live.identity()) {
                live.supersede();
                counters.count(SessionEvent.REQUEST_CUT_OFF);
                return new Lost();
            }
            counters.count(SessionEvent.MERGED);
            live.rebase(found.session(), draft);
            return new Again();
        }
        if (saved instanceof RedisSessionStore.Conflict conflict
                && conflict.theirs() instanceof RedisSessionStore.Untrusted untrusted) {
            counters.countRejected(live.location(), untrusted.reason());
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

    /** What ending a session gave. */
    enum Ending {
        /** This request has ended it. */
        ENDED,
        /** It had ended before. */
        GONE,
        /** Its id was changed without this request, which cannot end it. */
        CUT_OFF
    }

    /** Ends a session in Redis, unless its id was changed without grace time by another request. */
    Ending end(Session session) {
        LiveSession live = session.live();
        byte[] seal = live.seal();
        if (seal == null) {
            return Ending.ENDED; // it was never stored
        }
        List<RedisCall<Long>> unfiled = users.remove(live.metadata().user(), live.location());
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            RedisSessionStore.Ended ended = store.end(live.location(), seal, unfiled);
            if (!(ended instanceof RedisSessionStore.Changed changed)) {
                return ended instanceof RedisSessionStore.Removed ? Ending.ENDED : Ending.GONE;
            }
            if (!(changed.theirs() instanceof RedisSessionStore.Found found)) {
                return Ending.GONE; // the record is not to be believed, so it is not this session
            }
            if (found.session().metadata().identity() > live.identity()) {
                live.supersede();
                counters.count(SessionEvent.REQUEST_CUT_OFF);
                return Ending.CUT_OFF;
            }
            seal = found.session().seal();
        }
        throw new SessionConflictException();
    }

    private void notifyObserver(long nanos, long bytes) {
        try {
            observer.saved(nanos, bytes);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "an observer of sessions failed", e);
        }
    }

    /** Only when the record is there: who counts the sessions of a user must not take this one for gone. */
    private void fileWithin(String user, List<RedisCall<Long>> filings) {
        if (filings.isEmpty()) {
            return;
        }
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> counts = filings.stream().map(pipeline::add).toList();
        redis.send(pipeline);
        if (!user.isEmpty()) {
            eviction.enforce(user, counts.get(counts.size() - 1).get());
        }
    }

    private static Set<String> dropped(LiveSession live, Writing writing) {
        Set<String> names = new LinkedHashSet<>(live.attributes().storedFields());
        names.removeAll(RecordCodec.fieldNames(writing.values()));
        return names;
    }

    /** What keeps the lists of users right; also when the end has moved, which is what they are sorted by. */
    private List<RedisCall<Long>> filings(SessionKeys sessionKeys, SessionChange change) {
        SessionMetadata before = change.before();
        SessionMetadata after = change.metadata();
        boolean sameUser = before.user().equals(after.user());
        if (sameUser && before.expiresAt() == after.expiresAt()) {
            return List.of();
        }
        List<RedisCall<Long>> filings = new ArrayList<>();
        if (!sameUser) {
            filings.addAll(users.remove(before.user(), sessionKeys));
        }
        if (!after.user().isEmpty()) {
            filings.add(users.add(after.user(), sessionKeys, after.expiresAt(), !sameUser));
        }
        return filings;
    }
}
