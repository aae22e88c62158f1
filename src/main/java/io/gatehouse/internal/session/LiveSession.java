package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.store.StoredSession;
import io.gatehouse.internal.session.store.StoredValue;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionKeys;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session that all requests of one identity share in this JVM.
 *
 * <p>An <em>identity</em> is the span of epochs between two id changes without grace time. A request that changes the id continues with
 * a {@linkplain #fork() fork}; the requests of the old identity keep this object. When the change is stored, this object is {@linkplain
 * #supersede() superseded}: it can still be read, but its changes are never stored.
 *
 * <p>Invariants: the version of the base never decreases, unless a failover of Redis has lost revisions. The base changes only while {@link
 * #saving} is held. {@link #stored} keeps changes that were made after the draft. {@link #merge} takes over all attributes of the other node
 * except those that were changed here. No change is lost before it is stored, unless the session has ended or is superseded.
 *
 * <p>Values are encoded, decoded and notified outside of every monitor of this class. Thread-safe.
 */
final class LiveSession {
    private final SessionKeys sessionKeys;
    private final TokenCache tokenCache;
    private final SessionAttributes sessionAttributes;
    private final SessionContext context;
    /** Held while a change is sent to Redis, and whenever the base is replaced; never while a value is encoded. */
    final ReentrantLock saving = new ReentrantLock();

    /** The end by a request of this node. */
    final SessionEnding ending = new SessionEnding();

    private final ActiveRequests requests = new ActiveRequests();
    private final PublicId publicId;
    private final MetadataChanges metadata;
    private BaseRevision base = new BaseRevision();
    private UseTimes times;
    private @Nullable Object facade;
    private volatile boolean isNew;
    private volatile boolean superseded;
    private volatile boolean ended;

    /** Creates a new session that is not stored yet. */
    LiveSession(
            SessionKeys sessionKeys, @Nullable SessionId id, SessionMetadata sessionMetadata, SessionContext context) {
        this.sessionKeys = sessionKeys;
        this.tokenCache = new TokenCache(sessionKeys, id);
        this.sessionAttributes = context.attributes().get();
        this.context = context;
        this.publicId = new PublicId(sessionKeys, context.ids());
        this.metadata = new MetadataChanges(sessionMetadata, context.lifetimes());
        this.times = new UseTimes(sessionMetadata.createdAt(), sessionMetadata.createdAt());
        this.isNew = true;
    }

    /** Creates a session from a record. */
    LiveSession(
            SessionKeys sessionKeys,
            @Nullable SessionId id,
            StoredSession stored,
            long lastAccess,
            long now,
            SessionContext context) {
        this(sessionKeys, id, stored.metadata(), context);
        this.isNew = false;
        this.base = new BaseRevision(stored);
        this.times = new UseTimes(lastAccess, now);
        sessionAttributes.load(stored.values());
    }

    private LiveSession(LiveSession before, SessionAttributes sessionAttributes, MetadataChanges metadata) {
        this.sessionKeys = before.sessionKeys;
        this.tokenCache = before.tokenCache;
        this.context = before.context;
        this.publicId = new PublicId(before.sessionKeys, before.context.ids());
        this.sessionAttributes = sessionAttributes;
        this.metadata = metadata;
        this.base = before.base.copy();
        this.times = before.times.copy();
        this.isNew = before.isNew;
    }

    /**
     * Returns a copy of this session with a new id and a new identity. It takes over the values to which the application holds references;
     * this object keeps their present encodings. Encodes values, so the caller must hold no lock.
     */
    LiveSession fork() {
        while (true) {
            AttributeDraft draft = sessionAttributes.draft(true);
            synchronized (this) { // attributes and metadata of the same revision
                SessionAttributes taken = sessionAttributes.fork(draft);
                if (taken != null) {
                    LiveSession fork = new LiveSession(this, taken, metadata.copy());
                    fork.metadata.changeId(context.nonces().get());
                    if (requests.only() == null) {
                        fork.base.mayBeSavedElsewhere(change(draft));
                    }
                    return fork;
                }
            }
        }
    }

    /** Returns the requests that use this object now. */
    ActiveRequests requests() {
        return requests;
    }

    SessionKeys keys() {
        return sessionKeys;
    }

    TokenCache tokenCache() {
        return tokenCache;
    }

    SessionAttributes attributes() {
        return sessionAttributes;
    }

    SessionContext context() {
        return context;
    }

    /** Returns the public id; the same {@code String} object until the id changes. */
    synchronized String id() {
        return publicId.of(metadata().epoch());
    }

    /** Returns the metadata, including changes of this node that are not stored yet. */
    synchronized SessionMetadata metadata() {
        return metadata.with(times.present());
    }

    /** Returns the lowest epoch of this identity, as stored. */
    synchronized long identity() {
        return metadata.base().identity();
    }

    /** Returns whether stored metadata have another identity, and not because of an id change of this session whose save got no reply. */
    synchronized boolean isReplacedBy(SessionMetadata stored) {
        return stored.identity() != metadata.base().identity() && base.idChangesIn(stored) == 0;
    }

    synchronized long lastAccess() {
        return times.previous();
    }

    synchronized AuthenticationInfo facts() {
        return AuthenticationInfo.of(metadata(), times.present());
    }

    synchronized void setIdleSeconds(long seconds) {
        metadata.setIdleSeconds(seconds);
    }

    /** Changes the id of a session that is not stored, and that only the caller uses. */
    synchronized void changeId() {
        metadata.changeId(context.nonces().get());
    }

    /** Rotates the id if it is old enough; returns the former public id, or null if the id was not changed. */
    synchronized @Nullable String rotateIfDue() {
        long before = metadata().epoch();
        return metadata.rotateIfDue(times.present()) ? publicId.of(before) : null;
    }

    /** Sets the time of the user's last authentication: at the latest, the time of this request; 0 for unknown. */
    synchronized void setAuthenticated(long when) {
        metadata.setAuthenticated(Math.min(when, times.present()));
    }

    /** Updates the metadata that follow from an attribute. Its {@code toString} runs without the monitor. */
    void attributeChanged(String name, @Nullable Object value) {
        if (MetadataChanges.dependOn(name)) {
            String text = value == null ? "" : value.toString();
            synchronized (this) {
                metadata.attributeChanged(name, text, Boolean.TRUE.equals(value));
            }
        }
    }

    /** Returns the object that represents this session elsewhere, creating it at the first call. */
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

    synchronized byte @Nullable [] revisionTag() {
        return base.tag();
    }

    /** Returns whether no save has succeeded since one got no reply. */
    synchronized boolean isUncertain() {
        return base.isUncertain();
    }

    /** Returns whether a stored id change without grace time has replaced this identity. */
    boolean isSuperseded() {
        return superseded;
    }

    void supersede() {
        superseded = true;
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /**
     * Encodes every value that may have changed. Notifies values and runs their serialization, so the caller must hold no lock.
     *
     * @param shared whether other requests use the session at the same time
     */
    AttributeDraft draft(Session session, boolean shared) {
        return sessionAttributes.draft(value -> context.notifier().passivating(session, value), shared);
    }

    /** Returns whether a draft could differ from the base, or from what another request is saving. */
    synchronized boolean mayHaveChanged() {
        return base.tag() == null || base.isUncertain() || metadata.isPending() || sessionAttributes.mayDiffer();
    }

    /** Returns the change that a save has to write, or null if nothing differs from the base. */
    synchronized @Nullable SessionChange change(AttributeDraft draft) {
        SessionMetadata now = metadata();
        if (base.tag() != null && !base.isUncertain() && now.equals(metadata.base()) && !draft.changed()) {
            return null;
        }
        return new SessionChange(
                base.tag(),
                metadata.base(),
                now.withVersion(metadata.base().version() + 1),
                draft,
                !base.isCurrent(),
                metadata.pendingIdChanges(),
                base.isUncertain());
    }

    /** Records that nothing differs from the base, as a draft has shown. The caller holds {@link #saving}. */
    synchronized void confirmed(AttributeDraft draft) {
        metadata.confirmed();
        sessionAttributes.confirmed(draft);
    }

    /** Records that a save got no reply, so that Redis may have executed it. */
    synchronized void unanswered(SessionChange change) {
        base.unanswered(change);
    }

    /** Makes a stored change the new base. Keeps changes that were made after the draft. */
    synchronized void stored(SessionChange change, Map<String, StoredValue> written, byte[] newRevisionTag) {
        metadata.stored(change.metadata(), change.idChanges());
        base.stored(newRevisionTag);
        sessionAttributes.stored(change.attributes(), written);
    }

    /**
     * Makes a revision of another node the new base, and keeps the changes of this node. The caller holds {@link #saving}, and the draft was
     * compared with the present base.
     */
    synchronized void merge(StoredSession other, AttributeDraft draft) {
        metadata.merge(other.metadata(), base.idChangesIn(other.metadata()));
        sessionAttributes.merge(other.values(), draft, base);
        base.merged(other);
    }

    /** Records that another request uses the session. */
    synchronized void recordUse(long previous, long now) {
        isNew = false;
        times.used(previous, now);
    }

    /** Returns whether a stored revision is newer than the base. */
    synchronized boolean isOlderThan(StoredSession other) {
        return other.metadata().version() > metadata.base().version();
    }

    @Override
    public String toString() {
        return "session " + sessionKeys.handle();
    }
}
