package io.gatehouse.session;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.redis.Reply;
import io.gatehouse.session.RecordFormat.Damaged;
import io.gatehouse.session.RecordFormat.Intact;
import io.gatehouse.session.SessionStore.Claim;
import io.gatehouse.session.SessionStore.Claimed;
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
final class Endings {
    private static final System.Logger LOG = System.getLogger(Endings.class.getName());

    private final Redis redis;
    private final KeySpace keySpace;
    private final RecordFormat format;
    private final SessionStore store;
    private final UserIndex users;
    private final LiveSessions live;
    private final SessionCounters counters;
    private final SessionEnvironment environment;
    private final Durability durability;

    Endings(
            Redis redis,
            KeySpace keySpace,
            RecordFormat format,
            SessionStore store,
            UserIndex users,
            LiveSessions live,
            SessionCounters counters,
            SessionEnvironment environment,
            Durability durability) {
        this.redis = redis;
        this.keySpace = keySpace;
        this.format = format;
        this.store = store;
        this.users = users;
        this.live = live;
        this.counters = counters;
        this.environment = environment;
        this.durability = durability;
    }

    /** Whether what is ended is told and removed here. */
    boolean tells() {
        return environment.notifier().isHere();
    }

    /** Names sessions by their bucket and their members in its expiry index. */
    record Targets(int bucket, List<String> lookups) {}

    /**
     * Ends sessions; two round trips for all of them. An administrator's ends are confirmed by replicas, where that is
     * configured: the claims are, after which nobody uses the sessions.
     *
     * @param reason why, or null to end only those whose time is over
     * @throws RedisUnavailable if some could not be looked at; the others are ended
     */
    Termination end(List<Targets> targets, @Nullable EndReason reason) {
        boolean telling = tells();
        Flight claiming = new Flight();
        Map<Target, Reply<Claim>> claims = new LinkedHashMap<>();
        for (Targets some : targets) {
            byte[] indexKey = keySpace.indexKey(some.bucket());
            for (String lookup : some.lookups()) {
                byte[] recordKey = keySpace.recordKey(some.bucket(), lookup);
                Target target = new Target(lookup, recordKey, indexKey);
                claims.put(target, claiming.add(store.claim(recordKey, indexKey, lookup, reason, telling)));
            }
        }
        if (reason == EndReason.ADMIN) {
            durability.ask(claiming);
        }
        redis.send(claiming);

        Flight removing = new Flight();
        GatehouseException fault = null;
        int ended = 0;
        for (Map.Entry<Target, Reply<Claim>> entry : claims.entrySet()) {
            try {
                if (entry.getValue().value() instanceof Claimed claimed) {
                    if (telling) {
                        end(entry.getKey(), claimed, removing);
                    }
                    ended++;
                }
            } catch (RedisUnavailable e) {
                fault = e;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a session could not be ended: {0}", e.toString());
            }
        }
        redis.send(removing);
        if (fault != null) {
            throw fault;
        }
        int replicas = reason == EndReason.ADMIN ? durability.confirmations(claiming) : durability.wanted();
        return new Termination(ended, replicas, durability.wanted());
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

    Termination end(Location location, EndReason reason) {
        return end(List.of(targets(location)), reason);
    }

    /** One session wherever it is filed. */
    Targets targets(Location location) {
        return new Targets(keySpace.bucketOf(location), List.of(location.lookup()));
    }

    private void end(Target target, Claimed claimed, Flight removing) {
        RecordFormat.Identity identity = format.identity(claimed.fields());
        Location location = identity == null ? null : keySpace.locate(identity.kid(), identity.handle());
        if (location != null
                && location.lookup().equals(target.lookup())
                && format.read(location, claimed.fields()) instanceof Intact intact) {
            long lastAccess = SessionStore.lastAccess(claimed.fields());
            LiveSession ending = new LiveSession(location, null, intact.session(), lastAccess, lastAccess, environment);
            boolean unused = ending.beginEnding(); // so that a listener cannot end it once more
            Session session = new Session(ending);
            tell(session, claimed.reason());
            users.unfile(session.user(), location).forEach(removing::add);
        } else {
            SessionEvent why = location != null && format.read(location, claimed.fields()) instanceof Damaged damaged
                    ? damaged.reason()
                    : SessionEvent.RECORD_MALFORMED;
            counters.count(why);
            LOG.log(System.Logger.Level.WARNING, "a session ended that cannot be believed: {0}", why.label());
        }
        removing.add(store.removeClaimed(target.recordKey(), target.indexKey(), target.lookup()));
    }

    private void tell(Session session, EndReason reason) {
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
