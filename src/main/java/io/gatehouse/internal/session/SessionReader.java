package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.session.lease.LeaseRequest;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.Revocations;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.StoredSession;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.TerminationResult;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads sessions for requests, and attaches the requests to the live sessions of this node. Thread-safe. */
final class SessionReader {
    private final Redis redis;
    private final RedisSessionStore store;
    private final Revocations revocations;
    private final KeyNames keyNames;
    private final LocalSessions live;
    private final SessionKeeper keeper;
    private final LocalValues localValues;
    private final SessionReaper sessionReaper;
    private final SessionCounters counters;
    private final SessionContext context;
    private final SessionLeases leases;

    SessionReader(
            Redis redis,
            RedisSessionStore store,
            Revocations revocations,
            KeyNames keyNames,
            LocalSessions live,
            SessionKeeper keeper,
            LocalValues localValues,
            SessionReaper sessionReaper,
            SessionCounters counters,
            SessionContext context,
            SessionLeases leases) {
        this.redis = redis;
        this.store = store;
        this.revocations = revocations;
        this.keyNames = keyNames;
        this.live = live;
        this.keeper = keeper;
        this.localValues = localValues;
        this.sessionReaper = sessionReaper;
        this.counters = counters;
        this.context = context;
        this.leases = leases;
    }

    /**
     * Adds the loading of a session, and the revocation check of its user, to a pipeline. Adds nothing while this node has a lease on the
     * session.
     */
    SessionOpening open(VerifiedToken token, Pipeline pipeline) {
        LocalSessions.Hold hold = live.hold(token.keys()); // before the record is read
        try {
            RedisSessionStore.Found copy = store.leased(token.keys(), token.userTag());
            // a copy that does not accept the token decides nothing: Redis may have a newer state, and another time
            if (copy != null && copy.session().metadata().accepts(token.claims().epoch(), copy.now())) {
                return new SessionOpening(
                        this, token, hold, () -> copy, Revocations.RevocationCheck.leased(token), null);
            }
            LeaseRequest request = leases.request(token.keys().lookup(), token.userTag());
            return new SessionOpening(
                    this,
                    token,
                    hold,
                    request == null ? store.load(token.keys(), pipeline) : store.load(token.keys(), request, pipeline),
                    revocations.check(token, request, pipeline),
                    request);
        } catch (RuntimeException | Error e) {
            hold.release();
            throw e;
        }
    }

    /** Reads a session. One round trip. */
    RedisSessionStore.Loaded read(SessionKeys sessionKeys) {
        Pipeline pipeline = new Pipeline();
        Supplier<RedisSessionStore.Loaded> reply = store.load(sessionKeys, pipeline);
        redis.send(pipeline);
        return reply.get();
    }

    /** Returns whether a token opens the session that was read. Counts the reason if not. */
    boolean admits(VerifiedToken token, RedisSessionStore.Found found) {
        SessionMetadata sessionMetadata = found.session().metadata();
        long epoch = token.claims().epoch();
        if (sessionMetadata.accepts(epoch, found.now())) {
            return true;
        }
        if (sessionMetadata.isReplaced(epoch, found.now())) {
            rejectReused(token.keys());
        } else {
            counters.countRejected(token.keys(), SessionEvent.TOKEN_SUPERSEDED);
        }
        return false;
    }

    /** Handles a token that was used after its grace time: the client or a thief has kept a copy of it. */
    private void rejectReused(SessionKeys sessionKeys) {
        counters.countRejected(sessionKeys, SessionEvent.TOKEN_REUSED);
        if (context.lifetimes().endsReused()) {
            TerminationResult unused = sessionReaper.end(sessionKeys, EndReason.REUSED);
        }
    }

    /** Returns the session of a request, or null if it does not exist or must not be used. */
    @Nullable
    Session join(
            VerifiedToken token,
            LocalSessions.Hold hold,
            RedisSessionStore.Loaded loaded,
            Revocations.RevocationCheck revocationCheck,
            @Nullable LeaseRequest request) {
        SessionKeys sessionKeys = token.keys();
        if (!(loaded instanceof RedisSessionStore.Found found)) {
            localValues.forget(sessionKeys);
            LiveSession held = hold.live();
            if (held != null) {
                held.end();
            }
            counters.countRejected(
                    sessionKeys,
                    loaded instanceof RedisSessionStore.Untrusted untrusted
                            ? untrusted.reason()
                            : SessionEvent.TOKEN_WITHOUT_SESSION);
            return null;
        }
        SessionMetadata sessionMetadata = found.session().metadata();
        String userTag = keyNames.userTag(sessionKeys.kid(), sessionMetadata.user());
        if (!revocations.accepts(revocationCheck, userTag)) {
            counters.countRejected(sessionKeys, SessionEvent.TOKEN_SIGNED_OUT);
            return null;
        }
        if (request != null
                && found.leased()
                && Objects.equals(userTag, token.userTag())
                && revocationCheck.isLeased()) {
            store.keep(sessionKeys, request, found);
        }
        LiveSession[] made = new LiveSession[1];
        Duration sinceRecorded = Duration.ofMillis(Math.max(0, found.now() - found.recordedAt()));
        long lastAccess = lastAccess(hold, found);
        LiveSession joined = hold.join(sessionMetadata.identity(), sinceRecorded, () -> {
            made[0] = new LiveSession(
                    sessionKeys, token.claims().id(), found.session(), lastAccess, found.now(), context);
            made[0].attributes().restore(localValues.of(sessionKeys));
            return made[0];
        });
        Session session = new Session(joined, token.claims().epoch(), hold);
        if (joined != made[0]) {
            joined.recordUse(lastAccess, found.now());
            mergeIfOlder(session, found.session());
        } else if (Objects.equals(
                userTag, token.userTag())) { // otherwise the client needs a new token, with the tag of its user
            joined.tokenCache().remember(token, sessionMetadata.user());
        }
        if (joined.isEnded()) {
            joined.requests().remove(session);
            return null;
        }
        counters.count(SessionEvent.LOADED);
        return session;
    }

    /** Returns the time of the previous use, which this node may not have recorded in Redis yet. */
    private long lastAccess(LocalSessions.Hold hold, RedisSessionStore.Found found) {
        Duration before = keeper.unrecordedUseBefore(hold);
        return before == null ? found.lastAccess() : Math.max(found.lastAccess(), found.now() - before.toMillis());
    }

    /**
     * Merges a newer revision of another node into the live session. Waits for a save of this node that is under way, because the other
     * revision may be based on it. Encodes values of the application, without the lock.
     */
    private static void mergeIfOlder(Session session, StoredSession other) {
        LiveSession joined = session.live();
        try {
            while (joined.isOlderThan(other)) {
                AttributeDraft draft = joined.draft(session, true);
                joined.saving.lock();
                try {
                    if (joined.attributes().isCurrent(draft) && joined.isOlderThan(other)) {
                        joined.merge(other, draft);
                    }
                } finally {
                    joined.saving.unlock();
                }
            }
        } catch (RuntimeException | Error e) {
            joined.requests().remove(session);
            throw e;
        }
    }
}
