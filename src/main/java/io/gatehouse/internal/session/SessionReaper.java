package io.gatehouse.internal.session;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RecordCodec.Invalid;
import io.gatehouse.internal.session.store.RecordCodec.Valid;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.RedisSessionStore.Claimed;
import io.gatehouse.internal.session.store.RedisSessionStore.EndClaim;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.TerminationResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions that no request is about: those whose time is over, and those that somebody ends from outside. Each end is
 * claimed in Redis, told to the {@link SessionObserver} and then removed, so that of all nodes one tells of it, also of
 * sessions that ended while every node was down. Only if that node dies in between does another tell of it again.
 *
 * <p>A process without the application, such as a command, only claims: the session is over for everybody from then on, and a
 * node that cleans up tells of it and removes it.
 *
 * <p>One session that cannot be read, or whose listeners throw, does not keep the others from ending. Safe for use by several
 * threads.
 */
final class SessionReaper {
    private static final System.Logger LOG = System.getLogger(SessionReaper.class.getName());

    private final Redis redis;
    private final KeyNames keyNames;
    private final RecordCodec format;
    private final RedisSessionStore store;
    private final UserIndex users;
    private final LocalSessions live;
    private final SessionCounters counters;
    private final SessionContext environment;
    private final ReplicaAcknowledgement replicaAcknowledgement;

    SessionReaper(
            Redis redis,
            KeyNames keyNames,
            RecordCodec format,
            RedisSessionStore store,
            UserIndex users,
            LocalSessions live,
            SessionCounters counters,
            SessionContext environment,
            ReplicaAcknowledgement replicaAcknowledgement) {
        this.redis = redis;
        this.keyNames = keyNames;
        this.format = format;
        this.store = store;
        this.users = users;
        this.live = live;
        this.counters = counters;
        this.environment = environment;
        this.replicaAcknowledgement = replicaAcknowledgement;
    }

    /** Whether what is ended is told and removed here. */
    boolean notifiesListeners() {
        return environment.notifier().isHere();
    }

    /** Names sessions by their bucket and their members in its expiry index. */
    record Targets(int bucket, List<String> lookups) {}

    /**
     * Ends sessions; two round trips for all of them. An administrator's ends are confirmed by replicas, where that is
     * configured: the claims are, after which nobody uses the sessions.
     *
     * @param reason why, or null to end only those whose time is over
     * @throws RedisUnavailableException if some could not be looked at; the others are ended
     */
    TerminationResult end(List<Targets> targets, @Nullable EndReason reason) {
        boolean telling = notifiesListeners();
        Pipeline claiming = new Pipeline();
        Map<Target, Response<EndClaim>> endClaims = new LinkedHashMap<>();
        for (Targets some : targets) {
            byte[] indexKey = keyNames.indexKey(some.bucket());
            for (String lookup : some.lookups()) {
                byte[] recordKey = keyNames.recordKey(some.bucket(), lookup);
                Target target = new Target(lookup, recordKey, indexKey);
                endClaims.put(target, claiming.add(store.claim(recordKey, indexKey, lookup, reason, telling)));
            }
        }
        if (reason == EndReason.ADMIN) {
            replicaAcknowledgement.ask(claiming);
        }
        redis.send(claiming);

        Pipeline removing = new Pipeline();
        GatehouseException fault = null;
        int ended = 0;
        for (Map.Entry<Target, Response<EndClaim>> entry : endClaims.entrySet()) {
            try {
                if (entry.getValue().get() instanceof Claimed claimed) {
                    if (telling) {
                        end(entry.getKey(), claimed, removing);
                    }
                    ended++;
                }
            } catch (RedisUnavailableException e) {
                fault = e;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a session could not be ended: {0}", e.toString());
            }
        }
        redis.send(removing);
        if (fault != null) {
            throw fault;
        }
        int replicas = reason == EndReason.ADMIN
                ? replicaAcknowledgement.confirmations(claiming)
                : replicaAcknowledgement.wanted();
        return new TerminationResult(ended, replicas, replicaAcknowledgement.wanted());
    }

    private record Target(String lookup, byte[] recordKey, byte[] indexKey) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Target that && lookup.equals(that.lookup);
        }

        @Override
        public int hashCode() {
            return lookup.hashCode();
        }
    }

    TerminationResult end(SessionKeys sessionKeys, EndReason reason) {
        return end(List.of(targets(sessionKeys)), reason);
    }

    /** One session wherever it is filed. */
    Targets targets(SessionKeys sessionKeys) {
        return new Targets(keyNames.bucketOf(sessionKeys), List.of(sessionKeys.lookup()));
    }

    private void end(Target target, Claimed claimed, Pipeline removing) {
        RecordCodec.Identity identity = format.identity(claimed.fields());
        SessionKeys sessionKeys = identity == null ? null : keyNames.locate(identity.kid(), identity.handle());
        if (sessionKeys != null
                && sessionKeys.lookup().equals(target.lookup())
                && format.read(sessionKeys, claimed.fields()) instanceof Valid valid) {
            long lastAccess = RedisSessionStore.lastAccess(claimed.fields());
            LiveSession ending =
                    new LiveSession(sessionKeys, null, valid.session(), lastAccess, lastAccess, environment);
            boolean unused = ending.beginEnding(); // so that a listener cannot end it once more
            Session session = new Session(ending);
            notifyListeners(session, claimed.reason());
            users.remove(session.user(), sessionKeys).forEach(removing::add);
        } else {
            SessionEvent why =
                    sessionKeys != null && format.read(sessionKeys, claimed.fields()) instanceof Invalid invalid
                            ? invalid.reason()
                            : SessionEvent.RECORD_MALFORMED;
            counters.count(why);
            LOG.log(System.Logger.Level.WARNING, "a session ended that cannot be believed: {0}", why.label());
        }
        removing.add(store.removeClaimed(target.recordKey(), target.indexKey(), target.lookup()));
    }

    private void notifyListeners(Session session, EndReason reason) {
        counters.countEnd(session, reason);
        counters.count(
                switch (reason) {
                    case EXPIRED, ABSOLUTE -> SessionEvent.EXPIRED;
                    case LOGOUT -> SessionEvent.INVALIDATED;
                    case ADMIN, EVICTED, REUSED -> SessionEvent.TERMINATED;
                });
        LiveSession held = live.find(session.location());
        try {
            environment.notifier().ended(session, reason);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed at the end of " + session, e);
        } finally {
            session.live().end();
            if (held != null) {
                held.end();
            }
        }
    }
}
