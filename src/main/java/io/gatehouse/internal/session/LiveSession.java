package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.StoredSession;
import io.gatehouse.internal.session.store.StoredValue;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session that all requests of this JVM share which were admitted with the same identity.
 *
 * <p>An <em>identity</em> is a span of epochs between two changes of the id without grace time. A request that changes the
 * id goes on with a {@linkplain #fork() fork}; the requests of the old identity keep this object. As soon as the change is
 * stored, this object is {@linkplain #supersede() superseded}: it can still be read, and nothing of it is stored any more.
 *
 * <p>Values are encoded, decoded and notified outside every monitor of this class. Thread-safe.
 */
final class LiveSession {
    private final SessionKeys sessionKeys;
    private final TokenCache tokenCache;
    private final SessionAttributes sessionAttributes;
    private final SessionContext environment;
    /** Held while a change is sent to Redis and its outcome noted; never while a value is encoded. */
    final ReentrantLock saving = new ReentrantLock();

    private final Set<Session> users = ConcurrentHashMap.newKeySet();
    private final MetadataChanges metadata;
    private byte @Nullable [] seal;
    private boolean current = true;
    private long lastAccess;
    private long thisAccess;
    private @Nullable String id;
    private @Nullable Object facade;
    private volatile boolean isNew;
    private volatile boolean superseded;
    private volatile boolean ended;
    private final AtomicBoolean ending = new AtomicBoolean();

    /** A new session that is not stored yet. */
    LiveSession(
            SessionKeys sessionKeys,
            @Nullable SessionId id,
            SessionMetadata sessionMetadata,
            SessionContext environment) {
        this.sessionKeys = sessionKeys;
        this.tokenCache = new TokenCache(sessionKeys, id);
        this.sessionAttributes = environment.attributes().get();
        this.environment = environment;
        this.metadata = new MetadataChanges(sessionMetadata, environment.lifetimes());
        this.lastAccess = sessionMetadata.createdAt();
        this.thisAccess = sessionMetadata.createdAt();
        this.isNew = true;
    }

    /** A session that was read from Redis. */
    LiveSession(
            SessionKeys sessionKeys,
            @Nullable SessionId id,
            StoredSession stored,
            long lastAccess,
            long now,
            SessionContext environment) {
        this(sessionKeys, id, stored.metadata(), environment);
        this.isNew = false;
        this.seal = stored.seal();
        this.current = stored.current();
        this.lastAccess = lastAccess;
        this.thisAccess = now;
        sessionAttributes.load(stored.values());
    }

    private LiveSession(LiveSession before, SessionAttributes sessionAttributes, MetadataChanges metadata) {
        this.sessionKeys = before.sessionKeys;
        this.tokenCache = before.tokenCache;
        this.environment = before.environment;
        this.sessionAttributes = sessionAttributes;
        this.metadata = metadata;
        this.seal = before.seal;
        this.current = before.current;
        this.lastAccess = before.lastAccess;
        this.thisAccess = before.thisAccess;
        this.isNew = before.isNew;
    }

    /**
     * Starts a new identity: a copy of this session whose id has changed. The copy takes over the values that the
     * application holds references to; this object keeps what they encode to now, so that nothing the copy goes through
     * can be seen here. Encodes values, so it must be called without a lock.
     */
    LiveSession fork() {
        SessionAttributes taken = sessionAttributes.fork();
        synchronized (this) {
            LiveSession fork = new LiveSession(this, taken, metadata.copy());
            fork.metadata.changeId(environment.nonces().get());
            return fork;
        }
    }

    /** A request begins to use this object. */
    void enter(Session session) {
        users.add(session);
    }

    void leave(Session session) {
        users.remove(session);
    }

    boolean isUsedBy(Session session) {
        return users.contains(session);
    }

    /** The request that uses this object if there is exactly one, else null. */
    @Nullable
    Session onlyUser() {
        List<Session> all = List.copyOf(users);
        return all.size() == 1 ? all.get(0) : null;
    }

    SessionKeys location() {
        return sessionKeys;
    }

    TokenCache credential() {
        return tokenCache;
    }

    SessionAttributes attributes() {
        return sessionAttributes;
    }

    SessionContext environment() {
        return environment;
    }

    /** The public id. The same {@code String} object for as long as this object lives and has the id. */
    synchronized String id() {
        String now = SessionId.publicId(sessionKeys, metadata().epoch());
        String known = id;
        if (known == null || !known.equals(now)) {
            known = environment.ids().canonical(now);
            id = known;
        }
        return known;
    }

    /** The metadata with the changes of this node that are not stored yet. */
    synchronized SessionMetadata metadata() {
        return metadata.with(thisAccess);
    }

    /** The lowest epoch of this identity, as stored. */
    synchronized long identity() {
        return metadata.base().identity();
    }

    synchronized long lastAccess() {
        return lastAccess;
    }

    synchronized AuthenticationInfo facts() {
        return AuthenticationInfo.of(metadata(), thisAccess);
    }

    synchronized void setIdleSeconds(long seconds) {
        metadata.setIdleSeconds(seconds);
    }

    /** Changes the id of a session that only the caller knows. */
    synchronized void changeId() {
        metadata.changeId(environment.nonces().get());
    }

    synchronized boolean rotateIfDue() {
        return metadata.rotateIfDue(thisAccess);
    }

    /** Notes that the user proved its identity now, or at a time that is not known. */
    synchronized void setAuthenticated(boolean now) {
        metadata.setAuthenticated(now ? thisAccess : 0);
    }

    /** Some attributes are also facts of the metadata. */
    synchronized void note(String name, @Nullable Object value) {
        metadata.attributeChanged(name, value);
    }

    /** An object of the rim that stands for this session, made once. */
    synchronized <T> T facade(Class<T> type, Function<Session, T> maker) {
        Object made = facade;
        if (made == null) {
            made = maker.apply(new Session(this));
            facade = made;
        }
        return type.cast(made);
    }

    boolean isNew() {
        return isNew;
    }

    synchronized boolean isStored() {
        return seal != null;
    }

    synchronized byte @Nullable [] seal() {
        return seal;
    }

    /** Whether an id change without grace time has cut this identity off. */
    boolean isSuperseded() {
        return superseded;
    }

    void supersede() {
        superseded = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Returns whether the caller is the first that ends this session; it can be read until {@link #end()}. */
    boolean beginEnding() {
        return !ended && ending.compareAndSet(false, true);
    }

    void end() {
        ended = true;
    }

    /**
     * Encodes every value that may have changed. Notifies values and runs their serialization, so it must be called without
     * a lock.
     *
     * @param shared whether other requests use the session at the same time
     */
    AttributeDraft draft(Session session, boolean shared) {
        return sessionAttributes.draft(value -> environment.notifier().passivating(session, value), shared);
    }

    /** Whether a draft could differ from what is stored. */
    synchronized boolean mayHaveChanged() {
        return seal == null || !metadata().equals(metadata.base()) || sessionAttributes.mayDiffer();
    }

    /** What a save has to write, or null if nothing differs from what is stored. */
    synchronized @Nullable SessionChange change(AttributeDraft draft) {
        SessionMetadata now = metadata();
        if (seal != null && now.equals(metadata.base()) && !draft.changed()) {
            return null;
        }
        return new SessionChange(
                seal,
                metadata.base(),
                now.withVersion(metadata.base().version() + 1),
                draft,
                !current,
                metadata.pendingIdChanges());
    }

    /** A change was stored. What was changed since it was drafted stays changed. */
    synchronized void stored(SessionChange change, Map<String, StoredValue> written, byte[] newSeal) {
        metadata.stored(change.metadata(), change.idChanges());
        seal = newSeal;
        current = true;
        sessionAttributes.stored(change.attributes(), written);
    }

    /** Another node stored something first: takes it over, except where this node has changed the same attribute. */
    synchronized void rebase(StoredSession theirs, AttributeDraft draft) {
        if (theirs.metadata().version() <= metadata.base().version()) {
            return;
        }
        metadata.rebase(theirs.metadata());
        seal = theirs.seal();
        current = theirs.current();
        sessionAttributes.rebase(theirs.values(), draft.changedNames());
    }

    /** Another request has come with the session. */
    synchronized void used(long previous, long now) {
        isNew = false;
        if (now > thisAccess) {
            lastAccess = Math.max(previous, lastAccess);
            thisAccess = now;
        }
    }

    /** Whether a stored state is newer than the one that this object is based on. */
    synchronized boolean isOlderThan(StoredSession theirs) {
        return theirs.metadata().version() > metadata.base().version();
    }

    @Override
    public String toString() {
        return "session " + sessionKeys.handle();
    }
}
