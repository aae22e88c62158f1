package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.session.lease.LeaseChange;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends live sessions in Redis for the requests that use them. One round trip, one more for each conflict, and one more for a session that
 * began with a login at an OpenID provider: its entry in the index of the provider's sessions is removed only after it has ended, because the
 * provider's logout finds it by nothing else. The index of the user loses its entry in the first round trip, and gets it back if the request
 * is cut off. Thread-safe.
 */
final class SessionRemoval {
    private static final int MOST_ATTEMPTS = 1_000;
    private static final byte[] NEVER_STORED = {};

    private final RedisSessionStore store;
    private final UserIndex users;
    private final SessionCounters counters;
    private final Redis redis;
    private final SessionLeases leases;

    SessionRemoval(
            RedisSessionStore store, UserIndex users, SessionCounters counters, Redis redis, SessionLeases leases) {
        this.store = store;
        this.users = users;
        this.counters = counters;
        this.redis = redis;
        this.leases = leases;
    }

    /** The outcome of ending a session. */
    enum Ending {
        /** This request has ended the session. */
        ENDED,
        /** The session had ended before. */
        GONE,
        /** The request is cut off, so it cannot end the session. */
        CUT_OFF
    }

    /** Ends a session in Redis, unless the request is cut off. */
    Ending end(Session session) {
        LiveSession live = session.live();
        byte[] known = tagAfterSave(live);
        if (known == null && !live.isUncertain()) {
            return Ending.ENDED; // the session was never stored
        }
        byte[] revisionTag = known == null ? NEVER_STORED : known;
        SessionMetadata last = live.metadata();
        List<RedisCall<Long>> alongside = users.remove(last.user(), live.keys());
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            RedisSessionStore.Ended ended = end(live, revisionTag, alongside);
            if (!(ended instanceof RedisSessionStore.Changed changed)) {
                send(users.removeFromProviderSession(last.providerSession(), live.keys()));
                return ended instanceof RedisSessionStore.Removed || known == null ? Ending.ENDED : Ending.GONE;
            }
            if (!(changed.current() instanceof RedisSessionStore.Found found)) {
                return Ending.GONE; // the record is invalid, so it is not this session
            }
            SessionMetadata other = found.session().metadata();
            if (other.identity() > live.identity() && live.isReplacedBy(other)) {
                live.supersede();
                if (!alongside.isEmpty()) {
                    send(users.additions(live.keys(), other, other, false, true));
                }
                counters.count(SessionEvent.REQUEST_CUT_OFF);
                return Ending.CUT_OFF;
            }
            revisionTag = found.session().revisionTag();
        }
        throw new SessionConflictException();
    }

    /** Returns the revision tag. If the session is just being stored for the first time, waits for the outcome. */
    private static byte @Nullable [] tagAfterSave(LiveSession live) {
        byte[] known = live.revisionTag();
        if (known == null) {
            live.saving.lock();
            try {
                known = live.revisionTag();
            } finally {
                live.saving.unlock();
            }
        }
        return known;
    }

    private RedisSessionStore.Ended end(LiveSession live, byte[] revisionTag, List<RedisCall<Long>> alongside) {
        try (LeaseChange change = leases.change(live.keys().lookup())) {
            return store.end(live.keys(), revisionTag, change, alongside);
        }
    }

    /** Sends updates of indexes, which are hints: an entry that stays names a session that does not exist, so readers ignore it. */
    private void send(List<RedisCall<Long>> updates) {
        if (!updates.isEmpty()) {
            Pipeline pipeline = new Pipeline();
            updates.forEach(pipeline::add);
            redis.send(pipeline);
        }
    }
}
