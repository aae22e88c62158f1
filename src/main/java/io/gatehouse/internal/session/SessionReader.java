package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
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
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads sessions for requests and joins them with the live objects of this node. Thread-safe. */
final class SessionReader {
    private final Redis redis;
    private final RedisSessionStore store;
    private final Revocations revocations;
    private final KeyNames keyNames;
    private final LocalSessions live;
    private final LocalValues localValues;
    private final SessionReaper sessionReaper;
    private final SessionCounters counters;
    private final SessionContext environment;

    SessionReader(
            Redis redis,
            RedisSessionStore store,
            Revocations revocations,
            KeyNames keyNames,
            LocalSessions live,
            LocalValues localValues,
            SessionReaper sessionReaper,
            SessionCounters counters,
            SessionContext environment) {
        this.redis = redis;
        this.store = store;
        this.revocations = revocations;
        this.keyNames = keyNames;
        this.live = live;
        this.localValues = localValues;
        this.sessionReaper = sessionReaper;
        this.counters = counters;
        this.environment = environment;
    }

    SessionOpening open(VerifiedToken ticket, Pipeline pipeline) {
        LocalSessions.Hold hold = live.hold(ticket.location()); // before Redis is asked
        try {
            return new SessionOpening(
                    this, ticket, hold, store.load(ticket.location(), pipeline), revocations.check(ticket, pipeline));
        } catch (RuntimeException | Error e) {
            hold.release();
            throw e;
        }
    }

    /** Reads a session; one round trip. */
    RedisSessionStore.Loaded read(SessionKeys sessionKeys) {
        Pipeline pipeline = new Pipeline();
        Supplier<RedisSessionStore.Loaded> reply = store.load(sessionKeys, pipeline);
        redis.send(pipeline);
        return reply.get();
    }

    /** Whether the token opens what was read; counts why not. */
    boolean admits(VerifiedToken ticket, RedisSessionStore.Found found) {
        SessionMetadata sessionMetadata = found.session().metadata();
        long epoch = ticket.token().epoch();
        if (sessionMetadata.accepts(epoch, found.now())) {
            return true;
        }
        if (sessionMetadata.isUsedUp(epoch, found.now())) {
            reused(ticket.location());
        } else {
            counters.countRejected(ticket.location(), SessionEvent.TOKEN_SUPERSEDED);
        }
        return false;
    }

    /** A token that a rotation has replaced came back after its grace time: the client or a thief has a copy of it. */
    private void reused(SessionKeys sessionKeys) {
        counters.countRejected(sessionKeys, SessionEvent.TOKEN_REUSED);
        if (environment.lifetimes().endsReused()) {
            TerminationResult unused = sessionReaper.end(sessionKeys, EndReason.REUSED);
        }
    }

    /** The session of a request, or null if there is none or it must not be used. */
    @Nullable
    Session join(
            VerifiedToken ticket,
            LocalSessions.Hold hold,
            RedisSessionStore.Loaded loaded,
            Revocations.RevocationCheck revocationCheck) {
        SessionKeys sessionKeys = ticket.location();
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
        LiveSession[] made = new LiveSession[1];
        LiveSession joined = hold.join(sessionMetadata.identity(), () -> {
            made[0] = new LiveSession(
                    sessionKeys, ticket.token().id(), found.session(), found.lastAccess(), found.now(), environment);
            made[0].attributes().restore(localValues.of(sessionKeys));
            return made[0];
        });
        Session session = new Session(joined, ticket.token().epoch(), hold);
        if (joined != made[0]) {
            joined.used(found.lastAccess(), found.now());
            rebaseIfOlder(session, found.session());
        } else if (Objects.equals(userTag, ticket.userTag())) { // else the client needs a token that names its user
            joined.credential().shown(ticket, sessionMetadata.user());
        }
        if (joined.isEnded()) {
            joined.leave(session);
            return null;
        }
        counters.count(SessionEvent.LOADED);
        return session;
    }

    /** Takes over what another node has stored since; encodes values of the application. */
    private static void rebaseIfOlder(Session session, StoredSession theirs) {
        LiveSession joined = session.live();
        if (!joined.isOlderThan(theirs)) {
            return;
        }
        try {
            joined.rebase(theirs, joined.draft(session, true));
        } catch (RuntimeException | Error e) {
            joined.leave(session);
            throw e;
        }
    }
}
