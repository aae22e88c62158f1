package io.gatehouse.internal.session;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.session.lease.SessionLeases;
import io.gatehouse.internal.session.store.EndClaims;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.internal.session.store.Revocations;
import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.SessionSummaryReader;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.internal.session.token.TokenCodec;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.signing.KeyRing;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The repository of the sessions of one application: opens, creates, saves and ends them. Each operation takes one round trip to Redis:
 * opening reads the record, saving writes the changes, ending removes the record (and its entry under a session of an OpenID provider in another one). A cookie
 * value without a valid MAC takes no round trip. Thread-safe.
 */
public final class SessionRepository implements AutoCloseable {
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final KeyRing keys;
    private final Redis redis;
    private final KeyNames keyNames;
    private final SessionTokens tokens;
    private final SessionWriter writer;
    private final SessionInvalidator invalidator;
    private final RedisSessionManager manager;
    private final SessionContext context;
    private final SessionReader reader;
    private final SessionKeeper keeper;
    private final LocalSessions live = new LocalSessions(System::nanoTime);
    private final SessionCounters counters = new SessionCounters();
    private final LocalValues localValues;
    private final SessionAdoption adoption;
    private final SessionLeases leases;

    /**
     * Creates the repository.
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
        this.tokens = new SessionTokens(keyNames, new TokenCodec(keys, settings.application(), clock), counters);
        RecordCodec format = new RecordCodec(keys, keyNames.application(), settings.encrypt(), settings.recordSize());
        this.leases = settings.leases(redis, keyNames, random, clock);
        ReplicaAcknowledgement replicaAcknowledgement =
                new ReplicaAcknowledgement(settings.replicas(), settings.replicasForAll(), counters::count);
        RedisSessionStore store = new RedisSessionStore(
                redis,
                format,
                settings.expiryGrace(),
                settings.lifetimes().whileNew(),
                replicaAcknowledgement,
                leases.held(),
                System::nanoTime);
        UserIndex users = new UserIndex(keys, keyNames);
        Duration longest = settings.lifetimes().longest().plus(settings.expiryGrace());
        Revocations revocations = new Revocations(redis, keys, keyNames, longest, leases);
        ValueCodec codec = settings.codec(json);
        NotStorableValues notStorable =
                new NotStorableValues(settings.keepsNotStorable(), settings.localAttributes(), counters::count);
        SessionSummaryReader sessionSummaryReader = new SessionSummaryReader(format);
        SessionLimit limit = new SessionLimit(settings.limit(), redis, users, sessionSummaryReader);
        this.context = new SessionContext(
                () -> new SessionAttributes(codec, settings.recordSize(), notStorable, counters::count),
                new SessionNotifier(this, observer),
                settings.lifetimes(),
                new SessionIdStrings(),
                () -> Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX),
                limit::admit);
        SessionReaper sessionReaper = new SessionReaper(
                redis, keyNames, format, users, live, counters, context, replicaAcknowledgement, leases);
        this.keeper = new SessionKeeper(redis, store, live);
        this.reader = new SessionReader(
                redis,
                store,
                revocations,
                keyNames,
                live,
                keeper,
                localValues,
                sessionReaper,
                counters,
                context,
                leases);
        SessionEviction eviction =
                new SessionEviction(settings.limit(), redis, users, sessionSummaryReader, sessionReaper);
        this.writer = new SessionWriter(format, store, users, counters, eviction, redis, saves, leases);
        SessionRemoval removal = new SessionRemoval(store, users, counters, redis, leases);
        this.invalidator = new SessionInvalidator(removal, counters, localValues, context.notifier());
        this.adoption = new SessionAdoption(keys, keyNames, clock, live, context, revocations, writer, removal);
        this.manager = new RedisSessionManager(
                redis,
                keys,
                keyNames,
                store,
                sessionSummaryReader,
                users,
                sessionReaper,
                new UserSessionCleaner(
                        redis, keyNames, users, sessionSummaryReader, sessionReaper, new EndClaims(format)),
                revocations,
                replicaAcknowledgement);
    }

    /** Returns the first genuine token among cookie values. Counts each value that is not genuine. */
    public TokenVerification verify(List<String> cookieValues) {
        return tokens.verify(cookieValues);
    }

    /** Adds the opening of a session to a pipeline. The caller must close the result. */
    public SessionOpening open(VerifiedToken token, Pipeline pipeline) {
        return reader.open(token, pipeline);
    }

    /**
     * Creates a session, which is stored when it is saved. The caller must {@link #release} it.
     *
     * @param idleSeconds the idle timeout that the application requests, in seconds; 0 for none
     * @param details other properties for lists of sessions, such as the device
     */
    public Session create(long idleSeconds, Map<String, String> details) {
        long now = clock.millis();
        SessionLifetimes lifetimes = context.lifetimes();
        SessionId id = SessionId.random(random);
        SessionKeys sessionKeys = keyNames.locate(keys.currentKid(), id);
        SessionMetadata sessionMetadata =
                SessionMetadata.fresh(now, lifetimes.end(now, false), lifetimes.idleSeconds(idleSeconds), details);
        LocalSessions.Hold hold = live.hold(sessionKeys);
        LiveSession fresh = new LiveSession(sessionKeys, id, sessionMetadata, context);
        return new Session(hold.join(sessionMetadata.identity(), Duration.ZERO, () -> fresh), 0, hold);
    }

    /** Returns the {@linkplain VerifiedToken#userTag tags} of a user, one for each signing key, starting with the current key. */
    public List<String> userTags(String user) {
        return keys.kids().stream()
                .map(kid -> keyNames.userTag(kid, user))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns the cookie value that opens a session in its present state. */
    public String token(Session session) {
        return ticket(session).text();
    }

    /**
     * Saves the changes of a session, merging with the changes of other nodes. Has no effect if nothing has changed, or if the session has
     * ended.
     *
     * @return whether the session still exists and the request is not cut off
     * @throws RedisUnavailableException if the changes could not be stored
     * @throws SessionConflictException if there were too many conflicts with other nodes
     */
    public boolean save(Session session) {
        return save(session, CreationLimit.NONE);
    }

    /** As {@link #save(Session)}, with a limit for a new session without a user. */
    public boolean save(Session session, CreationLimit creation) {
        return writer.save(session, creation);
    }

    /**
     * Ends a session on all nodes, and notifies the observer if no other node has ended it. If the request is {@linkplain
     * Session#isCutOff() cut off}, the session ends only for this request.
     *
     * @return whether this call was the first to end the session; another one waits until no node accepts the session any more
     * @throws RedisUnavailableException if the session could not be ended in Redis; it has ended on this node nevertheless
     */
    public boolean invalidate(Session session) {
        boolean first = invalidator.invalidate(session);
        if (!session.isCutOff()) {
            keeper.forget(session.keys());
        }
        return first;
    }

    /** Returns the token that opens a session as long as its id does not change. */
    public VerifiedToken ticket(Session session) {
        return tokens.tokenOf(session);
    }

    /** Returns whether the client of a request may receive the present token of a session. */
    public boolean mayAnnounce(Session session) {
        return session.mayAnnounce(clock.millis());
    }

    /**
     * Opens a session outside of requests, as another request would. Takes one round trip; none while the request that created the session,
     * or changed its id, is running.
     *
     * @param request the session of that request, or null if it is unknown
     * @return the session, which the caller must {@link #release}, or null if it has ended or its id was changed
     * @throws RedisUnavailableException if the session could not be read
     */
    public @Nullable Session findByToken(VerifiedToken token, @Nullable Session request) {
        if (request != null && request.isInUse() && SessionTokens.opens(token, request)) {
            return request.isEnded() ? null : acquire(new Session(request.live()));
        }
        Pipeline pipeline = new Pipeline();
        try (SessionOpening opening = open(token, pipeline)) {
            redis.send(pipeline);
            return opening.sessionWithTheSameId();
        }
    }

    /**
     * Acquires a released session again. Other requests do not share its state, which may contain an id change that could not be stored.
     */
    public Session acquire(Session session) {
        session.holdBy(live.hold(session.keys()));
        return session;
    }

    /** Releases a session that was opened or created; further calls have no effect. */
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
     * Records the use of sessions that requests have held for a long time, and of sessions whose last request has ended. Must be called
     * several times per second. Takes one round trip for all of them; none if no use is due.
     */
    public void noteUse() {
        keeper.noteUse();
    }

    /** Records all uses that are not recorded yet. Must be called before this node stops. */
    public void noteEveryUse() {
        keeper.noteEveryUse();
    }

    /** Lets go of all copies, and ends the subscription of this node. */
    @Override
    public void close() {
        leases.close();
    }

    /** Returns the number of sessions that requests of this JVM use now. */
    public int inUse() {
        return live.size();
    }

    /** Returns the counters of session events. */
    public SessionCounters counters() {
        return counters;
    }

    /** Returns what stores sessions of another session store as sessions of this application. */
    public SessionAdoption adoption() {
        return adoption;
    }

    /** Returns the manager of the same sessions. */
    public RedisSessionManager manager() {
        return manager;
    }
}
