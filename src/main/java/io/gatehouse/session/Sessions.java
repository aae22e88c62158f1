package io.gatehouse.session;

import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.signing.KeyRing;
import io.gatehouse.values.JsonMapper;
import io.gatehouse.values.ValueCodec;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one application: opened by a cookie's value, made, saved and ended. One exchange with Redis each: opening
 * reads everything and notes the use, saving writes what changed, ending removes. A cookie that is not ours costs nothing.
 * Safe for use by several threads.
 */
public final class Sessions {

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final KeyRing keys;
    private final Redis redis;
    private final KeySpace keySpace;
    private final Tokens tokens;
    private final RecordFormat format;
    private final SessionStore store;
    private final UserIndex users;
    private final SignOuts signOuts;
    private final SessionWriter writer;
    private final SessionLimit limit;
    private final SessionManager manager;
    private final SessionEnvironment environment;
    private final LiveSessions live = new LiveSessions();
    private final SessionCounters counters = new SessionCounters();

    /**
     * Puts the parts together.
     *
     * @param json null where nothing is there that writes JSON
     * @param observer told what becomes of sessions
     * @param saves told of each that is stored
     */
    public Sessions(
            SessionSettings settings,
            KeyRing keys,
            Redis redis,
            @Nullable JsonMapper json,
            InstantSource clock,
            SessionObserver observer,
            SaveObserver saves) {
        this.clock = clock;
        this.keys = keys;
        this.redis = redis;
        this.keySpace = new KeySpace(keys, settings.keyPrefix(), settings.application());
        this.tokens = new Tokens(keys, settings.application(), clock);
        this.format = new RecordFormat(keys, keySpace.application(), settings.encrypt());
        Durability durability = new Durability(settings.replicas(), counters);
        this.store = new SessionStore(redis, format, settings.expiryGrace(), durability);
        this.users = new UserIndex(keys, keySpace);
        Duration longest = settings.lifetimes().longest().plus(settings.expiryGrace());
        this.signOuts = new SignOuts(redis, keys, keySpace, longest);
        ValueCodec codec = new ValueCodec(json, Set.copyOf(settings.jsonTypes()), settings.classPolicy());
        boolean keep = settings.notStorable() == SessionSettings.NotStorablePolicy.KEEP;
        this.environment = new SessionEnvironment(
                () -> new Attributes(codec, keep, counters::count),
                observer,
                settings.lifetimes(),
                (user, location) -> limit().admit(user, location));
        Glances glances = new Glances(format);
        Endings endings = new Endings(redis, keySpace, format, store, users, live, counters, environment, durability);
        this.limit = new SessionLimit(settings.limit(), redis, users, glances, endings);
        this.writer = new SessionWriter(format, store, users, counters, limit, redis, saves);
        this.manager = new SessionManager(redis, keys, keySpace, store, glances, users, endings, signOuts, durability);
    }

    private SessionLimit limit() {
        return limit;
    }

    /** What a request brought along, as far as can be told without Redis. */
    public sealed interface Claim permits Genuine, NoClaim {}

    /**
     * A genuine token.
     *
     * @param id the public id of the session it claims
     */
    public record Genuine(SessionTicket ticket, String id) implements Claim {}

    /** No token, or none to be believed. */
    record NoClaim() implements Claim {}

    /** The first of several cookie values that is a genuine token; those that are not are counted. */
    public Claim claim(List<String> cookieValues) {
        for (String value : cookieValues) {
            Tokens.Reading reading = tokens.read(value);
            if (reading instanceof Tokens.Genuine genuine) {
                SessionToken token = genuine.token();
                Location location = keySpace.locate(token.kid(), token.id());
                return new Genuine(new SessionTicket(token, value, location), location.handle() + "." + token.epoch());
            }
            counters.count(((Tokens.Refused) reading).reason());
        }
        return new NoClaim();
    }

    /**
     * Puts the reading of a claimed session into a flight. What is returned costs another round trip if the token does not name
     * the user whose session it is: one of version 1, or one that another log-in has overtaken; the client then needs a new one.
     *
     * @return gives, once the flight was sent, the session, or null if it is not there or not to be believed; the caller then
     *     holds it and must {@link #release} it
     * @throws RedisUnavailable from what is returned, if the session could not be read
     */
    public Supplier<@Nullable Session> open(SessionTicket ticket, Flight flight) {
        Supplier<SessionStore.Loaded> reply = store.load(ticket.location(), flight);
        SignOuts.Question question = signOuts.ask(ticket, flight);
        return () -> opened(ticket, reply.get(), question);
    }

    private @Nullable Session opened(SessionTicket ticket, SessionStore.Loaded loaded, SignOuts.Question question) {
        if (loaded instanceof SessionStore.Found found
                && !found.session().metadata().accepts(ticket.token().epoch(), found.now())) {
            counters.countRejected(ticket.location(), SessionEvent.TOKEN_SUPERSEDED);
            return null;
        }
        return join(ticket, loaded, question);
    }

    private @Nullable Session join(SessionTicket ticket, SessionStore.Loaded loaded, SignOuts.Question question) {
        Location location = ticket.location();
        if (!(loaded instanceof SessionStore.Found found)) {
            Session held = live.find(location);
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
        String user = found.session().metadata().user();
        String userTag = keySpace.userTag(location.kid(), user);
        if (!signOuts.accepts(question, userTag)) {
            counters.countRejected(location, SessionEvent.TOKEN_SIGNED_OUT);
            return null;
        }
        Session session = live.hold(
                location,
                held -> {
                    held.join(found.session(), found.lastAccess(), found.now());
                    return held;
                },
                () -> session(ticket, found, userTag));
        if (session.isEnded()) {
            live.release(session);
            return null;
        }
        counters.count(SessionEvent.LOADED);
        return session;
    }

    private Session session(SessionTicket ticket, SessionStore.Found found, @Nullable String userTag) {
        Session session = new Session(
                ticket.location(), ticket.token().id(), found.session(), found.lastAccess(), found.now(), environment);
        if (Objects.equals(userTag, ticket.userTag())) { // else the client needs a token that names its user
            session.credential().shown(ticket, session.user());
        }
        return session;
    }

    /**
     * A new session that the caller holds; it is stored when it is saved.
     *
     * @param details what else is known, such as the device; for lists of sessions
     */
    public Session create(long idleSeconds, Map<String, String> details) {
        long now = clock.millis();
        SessionLifetimes lifetimes = environment.lifetimes();
        SessionId id = SessionId.random(random);
        Location location = keySpace.locate(keys.currentKid(), id);
        Metadata metadata = Metadata.fresh(now, lifetimes.end(now, false), lifetimes.idleSeconds(idleSeconds), details);
        Session session = new Session(location, id, metadata, environment);
        return live.hold(location, held -> held, () -> session);
    }

    /** What stands for a user in tokens, one for each signing key, the newest first: as {@link SessionTicket#userTag} has it. */
    public List<String> userTags(String user) {
        return keys.kids().stream()
                .map(kid -> keySpace.userTag(kid, user))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The cookie value that opens a session from now on. */
    public String token(Session session) {
        return ticket(session).text();
    }

    /**
     * Stores what changed, merging with what other nodes stored meanwhile. Nothing happens if nothing changed, or if the
     * session has ended.
     *
     * @return whether the session is still there
     * @throws RedisUnavailable if it could not be stored
     * @throws SessionConflict if other nodes were faster too often
     */
    public boolean save(Session session) {
        return writer.save(session);
    }

    /**
     * Ends a session for all nodes, at once, and tells the observer if no other node was faster.
     *
     * @return whether it was not ended or being ended before
     * @throws RedisUnavailable if that could not be done; the session is ended on this node all the same
     */
    public boolean invalidate(Session session) {
        if (!session.beginEnding()) {
            return false;
        }
        counters.count(SessionEvent.INVALIDATED);
        try {
            boolean ours = !session.isStored()
                    || store.end(session.location(), users.unfile(session.user(), session.location()));
            if (ours) {
                counters.countEnd(session, EndReason.LOGOUT);
                environment.observer().ended(session, EndReason.LOGOUT);
            }
        } finally {
            session.end();
        }
        return true;
    }

    /** What opens a session again, for as long as it has the id that it has now. */
    public SessionTicket ticket(Session session) {
        return session.credential().ticket(session.metadata(), keySpace, tokens);
    }

    /**
     * Opens a session outside of requests, as one more request would; costs one round trip, and none while the request that
     * makes the session is under way.
     *
     * @return the session, or null if it has ended or its id was changed; the caller holds it and must {@link #release} it
     * @throws RedisUnavailable if it could not be read
     */
    public @Nullable Session reopen(SessionTicket ticket) {
        Session session = live.find(ticket.location());
        if (session != null && !session.isStored()) {
            session = hold(session);
        } else {
            Flight flight = new Flight();
            Supplier<SessionStore.Loaded> reply = store.load(ticket.location(), flight);
            SignOuts.Question question = signOuts.ask(ticket, flight);
            redis.send(flight);
            session = join(ticket, reply.get(), question);
        }
        if (session != null
                && (session.isEnded()
                        || session.metadata().epoch() != ticket.token().epoch())) {
            release(session);
            return null;
        }
        return session;
    }

    /** Takes hold once more of a session that was let go; gives the object that requests share now. */
    public Session hold(Session session) {
        return live.hold(session.location(), held -> held, () -> session);
    }

    /** Lets go of a session that was opened or created. */
    public void release(Session session) {
        live.release(session);
    }

    public SessionCounters counters() {
        return counters;
    }

    /** The same sessions, as something to look at and to manage. */
    public SessionManager manager() {
        return manager;
    }
}
