package io.gatehouse.internal.session;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.session.lease.LeaseChange;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.EndClaims;
import io.gatehouse.internal.session.store.EndClaims.Claimed;
import io.gatehouse.internal.session.store.EndClaims.EndClaim;
import io.gatehouse.internal.session.store.LastUse;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RecordCodec.Invalid;
import io.gatehouse.internal.session.store.RecordCodec.Valid;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.TerminationResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends expired sessions, and sessions that are terminated from outside of their requests. Thread-safe.
 *
 * <p>Each end takes four steps. {@code claim.lua} claims the end, which sets a deadline in the record. The node with the claim waits until
 * no other node has a lease on the session, and notifies the {@link SessionObserver}. {@code end.lua} then removes the record. Invariants: no
 * node can load a session after its end is claimed, and none answers from a copy when the listeners are notified. One node notifies the
 * listeners of each end, including ends of sessions that expired while all nodes were down. A second node notifies them again only if the
 * first one dies between the claim and the removal: it can claim the end after the deadline.
 *
 * <p>A process without the application, such as a command, only claims the end. The next node that cleans up notifies the listeners and
 * removes the record.
 *
 * <p>A session that is unreadable, or whose listeners throw, does not prevent the others from ending.
 */
final class SessionReaper {
    private static final System.Logger LOG = System.getLogger(SessionReaper.class.getName());

    private final Redis redis;
    private final KeyNames keyNames;
    private final RecordCodec format;
    private final EndClaims claims;
    private final UserIndex users;
    private final LocalSessions live;
    private final SessionCounters counters;
    private final SessionContext context;
    private final ReplicaAcknowledgement replicaAcknowledgement;
    private final SessionLeases leases;

    SessionReaper(
            Redis redis,
            KeyNames keyNames,
            RecordCodec format,
            UserIndex users,
            LocalSessions live,
            SessionCounters counters,
            SessionContext context,
            ReplicaAcknowledgement replicaAcknowledgement,
            SessionLeases leases) {
        this.redis = redis;
        this.keyNames = keyNames;
        this.format = format;
        this.claims = new EndClaims(format);
        this.users = users;
        this.live = live;
        this.counters = counters;
        this.context = context;
        this.replicaAcknowledgement = replicaAcknowledgement;
        this.leases = leases;
    }

    /** Returns whether this process notifies listeners and removes records. */
    boolean notifiesListeners() {
        return context.notifier().isLocal();
    }

    /** Names sessions by their bucket and their members in its expiry index. */
    record Targets(int bucket, List<String> lookups) {}

    /**
     * Ends sessions. Two round trips for all of them. If configured, replicas confirm the claims of terminations.
     *
     * @param reason the reason of the end, or null to end only expired sessions
     * @throws RedisUnavailableException if some sessions were not reached; the others have ended
     */
    TerminationResult end(List<Targets> targets, @Nullable EndReason reason) {
        List<LeaseChange> changes = new ArrayList<>();
        try {
            return end(targets, reason, changes);
        } finally {
            changes.forEach(LeaseChange::close); // those of a failure
        }
    }

    private TerminationResult end(List<Targets> targets, @Nullable EndReason reason, List<LeaseChange> changes) {
        boolean notifies = notifiesListeners();
        Pipeline claiming = new Pipeline();
        Map<Target, Response<EndClaim>> endClaims = new LinkedHashMap<>();
        for (Targets some : targets) {
            byte[] indexKey = keyNames.indexKey(some.bucket());
            for (String lookup : some.lookups()) {
                byte[] recordKey = keyNames.recordKey(some.bucket(), lookup);
                Target target = new Target(lookup, recordKey, indexKey);
                LeaseChange change = reason == null ? null : leases.change(lookup);
                if (change != null) {
                    changes.add(change);
                }
                endClaims.put(
                        target, claiming.add(claims.claim(recordKey, indexKey, lookup, reason, notifies, change)));
            }
        }
        boolean acknowledged = reason == EndReason.ADMIN || reason == EndReason.PROVIDER;
        if (acknowledged) {
            replicaAcknowledgement.request(claiming);
        }
        redis.send(claiming);

        GatehouseException fault = null;
        Map<Target, Claimed> claimed = new LinkedHashMap<>();
        for (Map.Entry<Target, Response<EndClaim>> entry : endClaims.entrySet()) {
            try {
                if (entry.getValue().get() instanceof Claimed mine) {
                    claimed.put(entry.getKey(), mine);
                }
            } catch (RedisUnavailableException e) {
                fault = e;
            } catch (RuntimeException e) {
                logFailure(e);
            }
        }
        changes.forEach(LeaseChange::close); // one after the other, but their times run from the replies
        int ended = notifies ? endClaimed(claimed) : claimed.size();
        if (fault != null) {
            throw fault;
        }
        int replicas = acknowledged ? replicaAcknowledgement.confirmations(claiming) : replicaAcknowledgement.wanted();
        return new TerminationResult(ended, replicas, replicaAcknowledgement.wanted());
    }

    /** Notifies the listeners, and removes the records. Returns the number of sessions that have ended. */
    private int endClaimed(Map<Target, Claimed> claimed) {
        Pipeline removing = new Pipeline();
        int ended = 0;
        for (Map.Entry<Target, Claimed> entry : claimed.entrySet()) {
            try {
                end(entry.getKey(), entry.getValue(), removing);
                ended++;
            } catch (RuntimeException e) {
                logFailure(e);
            }
        }
        redis.send(removing);
        return ended;
    }

    private static void logFailure(RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "A session could not be ended: {0}", e.toString());
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

    /** Ends one session. */
    TerminationResult end(SessionKeys sessionKeys, EndReason reason) {
        return end(List.of(targets(sessionKeys)), reason);
    }

    /** Returns a session as a target. */
    Targets targets(SessionKeys sessionKeys) {
        return new Targets(keyNames.bucketOf(sessionKeys), List.of(sessionKeys.lookup()));
    }

    private void end(Target target, Claimed claimed, Pipeline removing) {
        RecordCodec.Identity identity = format.identity(claimed.fields());
        SessionKeys sessionKeys = identity == null ? null : keyNames.locate(identity.kid(), identity.handle());
        if (sessionKeys != null
                && sessionKeys.lookup().equals(target.lookup())
                && format.read(sessionKeys, claimed.fields()) instanceof Valid valid) {
            long lastAccess = LastUse.parse(claimed.fields());
            LiveSession ending = new LiveSession(sessionKeys, null, valid.session(), lastAccess, lastAccess, context);
            boolean unused = ending.ending.begin(); // a listener must not end it again
            ending.ending.completed();
            Session session = new Session(ending);
            notifyListeners(session, claimed.reason());
            users.remove(session.user(), sessionKeys).forEach(removing::add);
            users.removeFromProviderSession(valid.session().metadata().providerSession(), sessionKeys)
                    .forEach(removing::add);
        } else {
            SessionEvent why =
                    sessionKeys != null && format.read(sessionKeys, claimed.fields()) instanceof Invalid invalid
                            ? invalid.reason()
                            : SessionEvent.RECORD_MALFORMED;
            counters.count(why);
            LOG.log(System.Logger.Level.WARNING, "Removed a session record that failed verification: {0}", why.label());
        }
        removing.add(claims.remove(target.recordKey(), target.indexKey(), target.lookup()));
    }

    private void notifyListeners(Session session, EndReason reason) {
        counters.countEnd(session, reason);
        counters.count(
                switch (reason) {
                    case EXPIRED, ABSOLUTE -> SessionEvent.EXPIRED;
                    case LOGOUT -> SessionEvent.INVALIDATED;
                    case ADMIN, EVICTED, REUSED, PROVIDER -> SessionEvent.TERMINATED;
                });
        LiveSession held = live.find(session.keys());
        try {
            context.notifier().ended(session, reason);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A listener of the end of " + session + " failed", e);
        } finally {
            session.live().end();
            if (held != null) {
                held.end();
            }
        }
    }
}
