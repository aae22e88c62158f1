package io.gatehouse.session;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.session.RecordFormat.Writing;
import io.gatehouse.session.Session.Change;
import io.gatehouse.signing.KeyRing;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one application: opened by a cookie's value, made, saved and ended. One exchange with Redis each: opening
 * reads everything and notes the use, saving writes what changed, ending removes. A cookie that is not ours costs nothing.
 * Safe for use by several threads.
 */
public final class Sessions {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final int MOST_CONFLICTS = 50;

    private final SessionSettings settings;
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final KeyRing keys;
    private final KeySpace keySpace;
    private final Tokens tokens;
    private final RecordFormat format;
    private final SessionStore store;
    private final UserIndex users;
    private final ValueCodec codec;
    private final LiveSessions live = new LiveSessions();
    private final SessionCounters counters = new SessionCounters();
    private final SessionObserver observer;

    /**
     * Puts the parts together.
     *
     * @param json null where nothing is there that writes JSON
     * @param observer told what becomes of sessions
     */
    public Sessions(
            SessionSettings settings,
            KeyRing keys,
            Redis redis,
            @Nullable JsonMapper json,
            InstantSource clock,
            SessionObserver observer) {
        this.settings = settings;
        this.observer = observer;
        this.clock = clock;
        this.keys = keys;
        this.keySpace = new KeySpace(keys, settings.keyPrefix(), settings.application());
        this.tokens = new Tokens(keys, settings.application(), clock);
        this.format = new RecordFormat(keys, keySpace.application(), settings.encrypt());
        this.store = new SessionStore(redis, format, settings.expiryGrace());
        this.users = new UserIndex(keys, keySpace);
        this.codec = new ValueCodec(json, Set.copyOf(settings.jsonTypes()), settings.classPolicy());
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
     * Puts the reading of a claimed session into a flight.
     *
     * @return gives, once the flight was sent, the session, or null if it is not there or not to be believed; the caller then
     *     holds it and must {@link #release} it
     * @throws RedisUnavailable from what is returned, if the session could not be read
     */
    public Supplier<@Nullable Session> open(SessionTicket ticket, Flight flight) {
        Supplier<SessionStore.Loaded> reply = store.load(ticket.location(), flight);
        return () -> opened(ticket, reply.get());
    }

    private @Nullable Session opened(SessionTicket ticket, SessionStore.Loaded loaded) {
        Location location = ticket.location();
        if (!(loaded instanceof SessionStore.Found found)) {
            Session held = live.find(location);
            if (held != null) {
                held.end();
            }
            reject(
                    location,
                    loaded instanceof SessionStore.Untrusted untrusted
                            ? untrusted.reason()
                            : SessionEvent.TOKEN_WITHOUT_SESSION);
            return null;
        }
        if (!found.session().metadata().accepts(ticket.token().epoch(), found.now())) {
            reject(location, SessionEvent.TOKEN_SUPERSEDED);
            return null;
        }
        Session session = live.hold(
                location,
                held -> {
                    held.join(found.session(), found.lastAccess(), found.now());
                    return held;
                },
                () -> session(ticket, found));
        if (session.isEnded()) {
            live.release(session);
            return null;
        }
        counters.count(SessionEvent.LOADED);
        return session;
    }

    private Session session(SessionTicket ticket, SessionStore.Found found) {
        Session session = new Session(
                ticket.location(), ticket.token().id(), found.session(), found.lastAccess(), found.now(), attributes(), observer);
        session.wasWritten(ticket.token(), ticket.text());
        return session;
    }

    private void reject(Location location, SessionEvent reason) {
        counters.count(reason);
        boolean attack = reason == SessionEvent.RECORD_FORGED || reason == SessionEvent.RECORD_MALFORMED;
        LOG.log(
                attack ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                "{0} is not accepted: {1}",
                location,
                reason.label());
    }

    /** A new session that the caller holds; it is stored when it is saved. */
    public Session create(long idleSeconds) {
        long now = clock.millis();
        long lifetime = settings.absoluteTimeout().toMillis();
        SessionId id = SessionId.random(random);
        Location location = keySpace.locate(keys.currentKid(), id);
        Metadata metadata = Metadata.fresh(now, lifetime == 0 ? 0 : now + lifetime, Math.max(0, idleSeconds));
        Session session = new Session(location, id, metadata, attributes(), observer);
        return live.hold(location, held -> held, () -> session);
    }

    private Attributes attributes() {
        boolean keep = settings.notStorable() == SessionSettings.NotStorablePolicy.KEEP;
        return new Attributes(codec, keep, counters::count);
    }

    /** The cookie value that opens a session from now on. */
    public String token(Session session) {
        return session.tokenText(tokens::write);
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
        session.saving.lock();
        try {
            for (int attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
                Change change = session.isEnded() ? null : session.change();
                if (change == null) {
                    return !session.isEnded();
                }
                Writing writing = format.write(
                        session.location(),
                        change.metadata(),
                        change.attributes().values(),
                        change.rewrite());
                SessionStore.Saved saved = store.save(
                        session.location(),
                        change.seal(),
                        change.metadata(),
                        writing,
                        dropped(session, writing),
                        filings(session.location(), change));
                if (saved instanceof SessionStore.Stored) {
                    session.stored(change, writing.values(), writing.seal());
                    counters.count(change.seal() == null ? SessionEvent.CREATED : SessionEvent.SAVED);
                    return true;
                }
                if (!merge(session, saved)) {
                    return false;
                }
            }
            throw new SessionConflict();
        } finally {
            session.saving.unlock();
        }
    }

    private boolean merge(Session session, SessionStore.Saved saved) {
        if (saved instanceof SessionStore.Conflict conflict && conflict.theirs() instanceof SessionStore.Found found) {
            counters.count(SessionEvent.MERGED);
            session.rebase(found.session());
            return true;
        }
        if (saved instanceof SessionStore.Conflict conflict
                && conflict.theirs() instanceof SessionStore.Untrusted untrusted) {
            reject(session.location(), untrusted.reason());
        }
        counters.count(SessionEvent.SAVED_TOO_LATE);
        session.end();
        return false;
    }

    private static Set<String> dropped(Session session, Writing writing) {
        Set<String> names = new LinkedHashSet<>(session.storedFields());
        names.removeAll(RecordFormat.fieldNames(writing.values()));
        return names;
    }

    private List<Call<Long>> filings(Location location, Change change) {
        String before = change.before().user();
        String after = change.metadata().user();
        if (before.equals(after)) {
            return List.of();
        }
        List<Call<Long>> filings = new ArrayList<>(users.unfile(before, location));
        if (!after.isEmpty()) {
            filings.add(users.file(after, location, change.metadata().expiresAt()));
        }
        return filings;
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
                observer.ended(session, EndReason.LOGOUT);
            }
        } finally {
            session.end();
        }
        return true;
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
    public SessionManager manager(Redis redis) {
        Endings endings =
                new Endings(redis, keySpace, format, store, users, live, counters, this::attributes, observer);
        return new SessionManager(redis, keys, keySpace, store, users, endings);
    }
}
