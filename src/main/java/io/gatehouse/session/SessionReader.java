package io.gatehouse.session;

import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads sessions for requests and joins them with the live objects of this node. Thread-safe. */
final class SessionReader {
    private final Redis redis;
    private final SessionStore store;
    private final SignOuts signOuts;
    private final KeySpace keySpace;
    private final LiveSessions live;
    private final LocalValues localValues;
    private final Endings endings;
    private final SessionCounters counters;
    private final SessionEnvironment environment;

    SessionReader(
            Redis redis,
            SessionStore store,
            SignOuts signOuts,
            KeySpace keySpace,
            LiveSessions live,
            LocalValues localValues,
            Endings endings,
            SessionCounters counters,
            SessionEnvironment environment) {
        this.redis = redis;
        this.store = store;
        this.signOuts = signOuts;
        this.keySpace = keySpace;
        this.live = live;
        this.localValues = localValues;
        this.endings = endings;
        this.counters = counters;
        this.environment = environment;
    }

    SessionOpening open(SessionTicket ticket, Flight flight) {
        LiveSessions.Hold hold = live.hold(ticket.location()); // before Redis is asked
        try {
            return new SessionOpening(
                    this, ticket, hold, store.load(ticket.location(), flight), signOuts.ask(ticket, flight));
        } catch (RuntimeException | Error e) {
            hold.release();
            throw e;
        }
    }

    /** Reads a session; one round trip. */
    SessionStore.Loaded read(Location location) {
        Flight flight = new Flight();
        Supplier<SessionStore.Loaded> reply = store.load(location, flight);
        redis.send(flight);
        return reply.get();
    }

    /** Whether the token opens what was read; counts why not. */
    boolean admits(SessionTicket ticket, SessionStore.Found found) {
        Metadata metadata = found.session().metadata();
        long epoch = ticket.token().epoch();
        if (metadata.accepts(epoch, found.now())) {
            return true;
        }
        if (metadata.isUsedUp(epoch, found.now())) {
            reused(ticket.location());
        } else {
            counters.countRejected(ticket.location(), SessionEvent.TOKEN_SUPERSEDED);
        }
        return false;
    }

    /** A token that a rotation has replaced came back after its grace time: the client or a thief has a copy of it. */
    private void reused(Location location) {
        counters.countRejected(location, SessionEvent.TOKEN_REUSED);
        if (environment.lifetimes().endsReused()) {
            Termination unused = endings.end(location, EndReason.REUSED);
        }
    }

    /** The session of a request, or null if there is none or it must not be used. */
    @Nullable
    Session join(SessionTicket ticket, LiveSessions.Hold hold, SessionStore.Loaded loaded, SignOuts.Question question) {
        Location location = ticket.location();
        if (!(loaded instanceof SessionStore.Found found)) {
            localValues.forget(location);
            LiveSession held = hold.live();
            if (held != null) {
                held.end();
            }
            counters.countRejected(
                    location,
                    loaded instanceof SessionStore.Untrusted untrusted
                            ? untrusted.reason()
                            : SessionEvent.TOKEN_WITHOUT_SESSION);
            return null;
        }
        Metadata metadata = found.session().metadata();
        String userTag = keySpace.userTag(location.kid(), metadata.user());
        if (!signOuts.accepts(question, userTag)) {
            counters.countRejected(location, SessionEvent.TOKEN_SIGNED_OUT);
            return null;
        }
        LiveSession[] made = new LiveSession[1];
        LiveSession joined = hold.join(metadata.identity(), () -> {
            made[0] = new LiveSession(
                    location, ticket.token().id(), found.session(), found.lastAccess(), found.now(), environment);
            made[0].attributes().restore(localValues.of(location));
            return made[0];
        });
        Session session = new Session(joined, ticket.token().epoch(), hold);
        if (joined != made[0]) {
            joined.used(found.lastAccess(), found.now());
            rebaseIfOlder(session, found.session());
        } else if (Objects.equals(userTag, ticket.userTag())) { // else the client needs a token that names its user
            joined.credential().shown(ticket, metadata.user());
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
