package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.SessionLimitReachedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session as one request uses it: the live session that the requests of this JVM share, and the epoch that admitted the request.
 *
 * <p>If another request changes the id without grace time, this session is {@linkplain #isCutOff() cut off}: it shows the state before the
 * change, and the request can neither save nor end the session, nor send its token. If this request changes the id itself, it continues
 * with the new identity. Nothing is stored before {@link SessionRepository#save}. Thread-safe.
 */
public final class Session {
    /** The attribute that names the user. Setting it adds the session to the index of this user. */
    public static final String USER_ATTRIBUTE = "io.gatehouse.user";

    /** The attribute that makes the session outlive the browser while it is {@code true}. */
    public static final String REMEMBER_ATTRIBUTE = "io.gatehouse.remember";

    /** The attribute with the {@code sid} claim of the ID token; setting it files the session under that session of the provider. */
    public static final String PROVIDER_SESSION_ATTRIBUTE = "io.gatehouse.oidc.sid";

    private final long admittedEpoch;
    private volatile LiveSession live;
    /** The identities that this request has replaced by changing the id. */
    private volatile List<LiveSession> former = List.of();

    private volatile LocalSessions.@Nullable Hold hold;
    private final AtomicLong logins = new AtomicLong();
    private volatile boolean isolated;
    private volatile boolean changedId;
    private volatile boolean rotated;

    /** Creates a session without a request, such as one whose listeners are notified of its end. */
    Session(LiveSession live) {
        this(live, live.metadata().epoch(), null);
    }

    /** @param admittedEpoch the epoch of the token that opened the session */
    Session(LiveSession live, long admittedEpoch, LocalSessions.@Nullable Hold hold) {
        this.live = live;
        this.admittedEpoch = admittedEpoch;
        this.hold = hold;
        if (hold != null) {
            live.requests().add(this);
        }
    }

    /** Returns the public id, which is not secret. It changes when the id of the session changes. */
    public String id() {
        return live.id();
    }

    /** Returns the handle, the name of the session in logs, events and the admin API. It never changes. */
    public String handle() {
        return keys().handle();
    }

    /** Returns the time of creation. */
    public Instant createdAt() {
        return Instant.ofEpochMilli(live.metadata().createdAt());
    }

    /** Returns the time of the client's previous request; the time of creation for a new session. */
    public Instant lastAccessedAt() {
        return Instant.ofEpochMilli(live.lastAccess());
    }

    /** Returns whether no request has presented the token of the session yet. */
    public boolean isNew() {
        return live.isNew();
    }

    /** Returns whether the session has ended, on this node or on another. */
    public boolean isEnded() {
        return live.isEnded();
    }

    /** Returns whether another request has changed the id without grace time, so that this request must not act on the session. */
    public boolean isCutOff() {
        return isolated || live.isSuperseded();
    }

    /** Confines this session to the request: its changes are never stored, and its token is never sent. */
    public void isolate() {
        isolated = true;
    }

    /** Returns whether this object represents the same live session as another, or did before this request changed the id. */
    public boolean covers(Session other) {
        return live == other.live || former.contains(other.live);
    }

    /** Returns the name of the user, or empty. */
    public String user() {
        return live.metadata().user();
    }

    /** Returns the idle timeout in seconds; 0 for none. */
    public long idleSeconds() {
        return live.metadata().idleSeconds();
    }

    /** Sets the idle timeout in seconds; 0 for none. */
    public void setIdleSeconds(long seconds) {
        live.setIdleSeconds(seconds);
    }

    /**
     * Changes the id without grace time. Once the change is stored, the old token no longer opens the session, and all other requests
     * that it admitted are cut off.
     */
    public void changeId() {
        LiveSession before = live;
        changedId = true;
        if (before.revisionTag() != null) {
            isolated |= before.isSuperseded();
            LiveSession after = before.fork();
            List<LiveSession> left = new ArrayList<>(former);
            left.add(before);
            former = List.copyOf(left);
            live = after;
            before.requests().remove(this);
            after.requests().add(this);
        } else {
            before.changeId();
        }
    }

    /** Returns whether the id must be changed before {@link #USER_ATTRIBUTE} is set to a name. */
    public boolean needsNewIdFor(String user) {
        return live.revisionTag() != null && !changedId && !user.isEmpty() && !user.equals(user());
    }

    /**
     * Rotates the id if it is old enough. The old token is accepted until the end of the grace time.
     *
     * @return the former public id, or null if the id was not changed
     */
    public @Nullable String rotateIfDue() {
        String former = live.rotateIfDue();
        rotated |= former != null;
        return former;
    }

    /** Returns when the user was authenticated and when the session ends. */
    public AuthenticationInfo facts() {
        return live.facts();
    }

    /** Records that the user was authenticated now. The caller must call {@link #changeId()} next. */
    public void authenticated() {
        live.setAuthenticated(Long.MAX_VALUE);
    }

    /** Records when the user was last authenticated, in milliseconds since 1970; 0 if the time is unknown. */
    public void authenticatedAt(long when) {
        live.setAuthenticated(when);
    }

    /** Returns the value of an attribute, or null. Decodes it with the classes of a loader. */
    public @Nullable Object attribute(String name, ClassLoader loader) {
        LiveSession state = live;
        return state.attributes()
                .get(name, loader, value -> state.context().notifier().activated(this, value));
    }

    /** Sets an attribute; see {@link #prepareAttribute}. */
    public void setAttribute(String name, Object value) {
        @Nullable Object unused = prepareAttribute(name, value).set();
    }

    /**
     * Checks that an attribute can be set, and encodes its value. {@link PreparedAttribute#set} then sets it.
     *
     * @throws IllegalArgumentException if the value cannot be stored
     * @throws SessionLimitReachedException if the attribute names a user who has no session left
     */
    public PreparedAttribute prepareAttribute(String name, Object value) {
        LiveSession state = live;
        if (name.equals(USER_ATTRIBUTE) && !value.toString().equals(user())) {
            state.context().admission().accept(value.toString(), keys());
        }
        return new PreparedAttribute(
                this, state, name, value, state.attributes().prepare(name, value));
    }

    void countLogin() {
        logins.incrementAndGet();
    }

    /** Returns how often this request has set the user, including to the same name. */
    public long logins() {
        return logins.get();
    }

    /** Removes an attribute, and returns its value if that was decoded before. */
    public @Nullable Object removeAttribute(String name) {
        LiveSession state = live;
        Object removed = state.attributes().remove(name);
        state.attributeChanged(name, null);
        return removed;
    }

    /** Returns the names of all readable attributes. */
    public List<String> attributeNames(ClassLoader loader) {
        return live.attributes().names(loader);
    }

    /** Returns the object that represents the live session elsewhere, creating it at the first call. */
    public <T> T facade(Class<T> type, Function<Session, T> maker) {
        return live.facade(type, maker);
    }

    /** Returns whether the client of this request may receive the present token of the session. */
    boolean mayAnnounce(long now) {
        SessionMetadata stored = live.metadata();
        return !isCutOff() && (changedId || rotated || live.isNew() || stored.accepts(admittedEpoch, now));
    }

    SessionKeys keys() {
        return live.keys();
    }

    LiveSession live() {
        return live;
    }

    LocalSessions.@Nullable Hold hold() {
        return hold;
    }

    void holdBy(LocalSessions.Hold taken) {
        hold = taken;
        live.requests().add(this);
    }

    /** Releases the session; further calls have no effect. */
    void release() {
        LocalSessions.Hold taken = hold;
        live.requests().remove(this);
        if (taken != null) {
            taken.release();
        }
    }

    /** Returns whether the request has not released the session yet. */
    boolean isInUse() {
        return live.requests().contains(this);
    }

    /** Returns the session of the only active request, or this object if there are none or several. */
    public Session onlyUser() {
        Session only = live.requests().only();
        return only == null ? this : only;
    }

    /** Returns whether other requests use the session at the same time. */
    boolean isShared() {
        LocalSessions.Hold taken = hold;
        return taken != null && taken.isShared();
    }

    @Override
    public String toString() {
        return "session " + handle();
    }
}
