package io.gatehouse.internal.session;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.internal.session.store.Revocations;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.SessionSummaryReader;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.SessionToken;
import io.gatehouse.internal.session.token.TokenCodec;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.session.EndReason;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The repository of the sessions of one application: opens, creates, saves and ends them. Each operation costs one round trip to
 * Redis: opening reads the record and notes the use, saving writes what changed, ending removes the record. A cookie value without a
 * genuine signature costs no round trip. Thread-safe.
 */
public final class SessionRepository {
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final KeyRing keys;
    private final Redis redis;
    private final KeyNames keyNames;
    private final TokenCodec tokenCodec;
    private final SessionWriter writer;
    private final RedisSessionManager manager;
    private final SessionContext environment;
    private final SessionReader reader;
    private final SessionKeeper keeper;
    private final LocalSessions live = new LocalSessions(System::nanoTime);
    private final SessionCounters counters = new SessionCounters();
    private final LocalValues localValues;

    /**
     * Creates the parts in the order in which they need each other.
     *
     * @param json null if the server has no JSON library
     * @param observer receives the events of sessions
     * @param saves receives the duration and size of each save
     */
    public SessionRepository(
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
        this.localValues = new LocalValues(clock);
        this.keyNames = new KeyNames(keys, settings.keyPrefix(), settings.application());
        this.tokenCodec = new TokenCodec(keys, settings.application(), clock);
        RecordCodec format = new RecordCodec(keys, keyNames.application(), settings.encrypt(), settings.recordSize());
        ReplicaAcknowledgement replicaAcknowledgement =
                new ReplicaAcknowledgement(settings.replicas(), settings.replicasForAll(), counters::count);
        RedisSessionStore store = new RedisSessionStore(
                redis, format, settings.expiryGrace(), settings.lifetimes().whileNew(), replicaAcknowledgement);
        UserIndex users = new UserIndex(keys, keyNames);
        Duration longest = settings.lifetimes().longest().plus(settings.expiryGrace());
        Revocations revocations = new Revocations(redis, keys, keyNames, longest);
        ValueCodec codec = settings.codec(json);
        NotStorableValues notStorable =
                new NotStorableValues(settings.keepsNotStorable(), settings.localAttributes(), counters::count);
        SessionSummaryReader sessionSummaryReader = new SessionSummaryReader(format);
        SessionLimit limit = new SessionLimit(settings.limit(), redis, users, sessionSummaryReader);
        this.environment = new SessionContext(
                () -> new SessionAttributes(codec, settings.recordSize(), notStorable, counters::count),
                new SessionNotifier(this, observer),
                settings.lifetimes(),
                new SessionIdStrings(),
                () -> Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX),
                limit::admit);
        SessionReaper sessionReaper = new SessionReaper(
                redis, keyNames, format, store, users, live, counters, environment, replicaAcknowledgement);
        this.reader = new SessionReader(
                redis, store, revocations, keyNames, live, localValues, sessionReaper, counters, environment);
        this.keeper = new SessionKeeper(redis, store, live);
        SessionEviction eviction =
                new SessionEviction(settings.limit(), redis, users, sessionSummaryReader, sessionReaper);
        this.writer = new SessionWriter(format, store, users, counters, eviction, redis, saves);
        this.manager = new RedisSessionManager(
                redis,
                keys,
                keyNames,
                store,
                sessionSummaryReader,
                users,
                sessionReaper,
                revocations,
                replicaAcknowledgement);
    }

    /** The token of a request, verified without Redis. */
    public sealed interface TokenVerification permits Verified, Absent {}

    /**
     * A genuine token.
     *
     * @param id the public id of the session it claims
     */
    public record Verified(VerifiedToken ticket, String id) implements TokenVerification {}

    /** No genuine token. */
    record Absent() implements TokenVerification {}

    /** The first of several cookie values that is a genuine token; those that are not are counted. */
    public TokenVerification verify(List<String> cookieValues) {
        for (String value : cookieValues) {
            TokenCodec.Reading reading = tokenCodec.read(value);
            if (reading instanceof TokenCodec.Genuine genuine) {
                SessionToken token = genuine.token();
                SessionKeys sessionKeys = keyNames.locate(token.kid(), token.id());
                return new Verified(
                        new VerifiedToken(token, value, sessionKeys), sessionKeys.handle() + "." + token.epoch());
            }
            counters.count(((TokenCodec.Refused) reading).reason());
        }
        return new Absent();
    }

    /** Puts the reading of a claimed session into a flight. The caller must close what is returned. */
    public SessionOpening open(VerifiedToken ticket, Pipeline pipeline) {
        return reader.open(ticket, pipeline);
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
        SessionKeys sessionKeys = keyNames.locate(keys.currentKid(), id);
        SessionMetadata sessionMetadata =
                SessionMetadata.fresh(now, lifetimes.end(now, false), lifetimes.idleSeconds(idleSeconds), details);
        LocalSessions.Hold hold = live.hold(sessionKeys);
        LiveSession fresh = new LiveSession(sessionKeys, id, sessionMetadata, environment);
        return new Session(hold.join(sessionMetadata.identity(), () -> fresh), 0, hold);
    }

    /** What stands for a user in tokens, one for each signing key, the newest first: as {@link VerifiedToken#userTag} has it. */
    public List<String> userTags(String user) {
        return keys.kids().stream()
                .map(kid -> keyNames.userTag(kid, user))
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
     * @return whether the session is still there and the request still has a part in it
     * @throws RedisUnavailableException if it could not be stored
     * @throws SessionConflictException if other nodes were faster too often
     */
    public boolean save(Session session) {
        return save(session, CreationLimit.NONE);
    }

    /** Stores what changed, as {@link #save(Session)}; a new session without a user only if a limit allows it. */
    public boolean save(Session session, CreationLimit creation) {
        return writer.save(session, creation);
    }

    /**
     * Ends a session for all nodes, at once, and notifies the observer if no other node was faster. A request that is {@linkplain
     * Session#isCutOff() cut off} ends it for itself alone.
     *
     * @return whether it was not ended or being ended before
     * @throws RedisUnavailableException if that could not be done; the session is ended on this node all the same
     */
    public boolean invalidate(Session session) {
        LiveSession state = session.live();
        if (!state.beginEnding()) {
            return false;
        }
        try {
            if (session.isCutOff()) {
                counters.count(SessionEvent.REQUEST_CUT_OFF);
                return true;
            }
            SessionWriter.Ending ending = writer.end(session);
            if (ending == SessionWriter.Ending.CUT_OFF) {
                return true;
            }
            counters.count(SessionEvent.INVALIDATED);
            if (ending == SessionWriter.Ending.ENDED) {
                counters.countEnd(session, EndReason.LOGOUT);
                environment.notifier().ended(session, EndReason.LOGOUT);
            }
        } finally {
            state.end();
            localValues.forget(state.location());
        }
        return true;
    }

    /** What opens a session again, for as long as it has the id that it has now. */
    public VerifiedToken ticket(Session session) {
        LiveSession state = session.live();
        return state.credential().ticket(state.metadata(), keyNames, tokenCodec);
    }

    /** Whether the client of a request may be given the token that opens the session from now on. */
    public boolean mayAnnounce(Session session) {
        return session.mayAnnounce(clock.millis());
    }

    /**
     * Opens a session outside of requests, as one more request would; costs one round trip, and none while the request that
     * makes the session, or has changed its id, is under way.
     *
     * @param request the session as that request uses it, or null if it is not known
     * @return the session, or null if it has ended or its id was changed; the caller holds it and must {@link #release} it
     * @throws RedisUnavailableException if it could not be read
     */
    public @Nullable Session findByToken(VerifiedToken ticket, @Nullable Session request) {
        if (request != null && request.isInUse() && isOpenedBy(ticket, request)) {
            return request.isEnded() ? null : acquire(new Session(request.live()));
        }
        Pipeline pipeline = new Pipeline();
        try (SessionOpening opening = open(ticket, pipeline)) {
            redis.send(pipeline);
            return opening.sessionWithTheSameId();
        }
    }

    /** As {@link #findByToken(VerifiedToken, Session)} for a request that is not known. */
    public @Nullable Session findByToken(VerifiedToken ticket) {
        return findByToken(ticket, null);
    }

    static boolean isOpenedBy(VerifiedToken ticket, Session session) {
        return session.location().equals(ticket.location())
                && session.live().metadata().epoch() == ticket.token().epoch();
    }

    /**
     * Takes hold once more of a session that was let go. Other requests do not share its state, which may be that of a change of the
     * id that could not be stored.
     */
    public Session acquire(Session session) {
        session.holdBy(live.hold(session.location()));
        return session;
    }

    /** Lets go of a session that was opened or created; more calls do nothing. */
    public void release(Session session) {
        LocalSessions.Hold hold = session.hold();
        if (hold != null) {
            try {
                localValues.keep(session);
                keeper.endOfUse(session.live(), hold);
            } finally {
                session.release();
            }
        }
    }

    /**
     * Notes the use of the sessions that requests hold for long, and of those whose last request has ended; to be called
     * several times a second. Costs nothing while no note is due, and one round trip for all of them otherwise.
     */
    public void noteUse() {
        keeper.noteUse();
    }

    /** How many sessions requests of this JVM use at the moment. */
    public int inUse() {
        return live.size();
    }

    public SessionCounters counters() {
        return counters;
    }

    /** The same sessions, as something to look at and to manage. */
    public RedisSessionManager manager() {
        return manager;
    }
}
