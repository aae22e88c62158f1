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
 * A session as one request uses it: the state that all requests of this JVM share, and what this request was admitted with.
 *
 * <p>After another request has changed the id without grace time, this session is {@linkplain #isCutOff() cut off}: it shows
 * the state from before the change, and neither stores, ends nor announces anything. After this request has changed the id
 * itself it goes on with the new identity. Nothing is stored before {@link SessionRepository#save}. Thread-safe.
 */
public final class Session {
    /** The attribute whose text is the name of the user; setting it files the session under that user. */
    public static final String USER_ATTRIBUTE = "io.gatehouse.user";

    /** The attribute that, while it is {@code true}, makes the session outlive the browser. */
    public static final String REMEMBER_ATTRIBUTE = "io.gatehouse.remember";

    private final long admittedEpoch;
    private volatile LiveSession live;
    /** The identities that this request has left behind by changing the id. */
    private volatile List<LiveSession> former = List.of();

    private volatile LocalSessions.@Nullable Hold hold;
    private final AtomicLong logins = new AtomicLong();
    private volatile boolean isolated;
    private volatile boolean changedId;
    private volatile boolean rotated;

    /** A session of no request in particular, such as one that is read while it ends. */
    Session(LiveSession live) {
        this(live, live.metadata().epoch(), null);
    }

    /** @param admittedEpoch the epoch of the token that opened it */
    Session(LiveSession live, long admittedEpoch, LocalSessions.@Nullable Hold hold) {
        this.live = live;
        this.admittedEpoch = admittedEpoch;
        this.hold = hold;
        if (hold != null) {
            live.enter(this);
        }
    }

    /** The public id. It changes with the id of the session, and does not open it. */
    public String id() {
        return live.id();
    }

    /** The name by which administrators, logs and events know the session for all its life. */
    public String handle() {
        return location().handle();
    }

    public Instant createdAt() {
        return Instant.ofEpochMilli(live.metadata().createdAt());
    }

    /** When the client's request before the present one came; for a new session its creation. */
    public Instant lastAccessedAt() {
        return Instant.ofEpochMilli(live.lastAccess());
    }

    /** Whether the client has not come back with it yet. */
    public boolean isNew() {
        return live.isNew();
    }

    /** Whether it has ended, on this node or another. */
    public boolean isEnded() {
        return live.isEnded();
    }

    /** Whether another request has changed the id without grace time, so that this one must not act on the session any more. */
    public boolean isCutOff() {
        return isolated || live.isSuperseded();
    }

    /** Keeps everything that happens to this session within the request: it is never stored or announced. */
    public void isolate() {
        isolated = true;
    }

    /** Whether this object stands for the same session as another, also if this request has changed the id since. */
    public boolean covers(Session other) {
        return live == other.live || former.contains(other.live);
    }

    /** The name of the user, or empty. */
    public String user() {
        return live.metadata().user();
    }

    /** After how many seconds without a request it ends; 0 for never. */
    public long idleSeconds() {
        return live.metadata().idleSeconds();
    }

    public void setIdleSeconds(long seconds) {
        live.setIdleSeconds(seconds);
    }

    /**
     * Gives the session a new id without grace time: the token that the client has opens it no longer, and every other
     * request that was admitted before is cut off as soon as the change is stored.
     */
    public void changeId() {
        LiveSession before = live;
        changedId = true;
        if (before.isStored()) {
            isolated |= before.isSuperseded();
            LiveSession after = before.fork();
            List<LiveSession> left = new ArrayList<>(former);
            left.add(before);
            former = List.copyOf(left);
            live = after;
            before.leave(this);
            after.enter(this);
        } else {
            before.changeId();
        }
    }

    /** Whether setting the attribute {@link #USER_ATTRIBUTE} to this name must change the id of the session first. */
    public boolean needsNewIdFor(String user) {
        return live.isStored() && !changedId && !user.isEmpty() && !user.equals(user());
    }

    /** Gives it a new id if the one it has is old, and returns whether it did; requests with the old id are let in for a while. */
    public boolean rotateIfDue() {
        boolean due = live.rotateIfDue();
        rotated |= due;
        return due;
    }

    /** Facts about its login and its end. */
    public AuthenticationInfo facts() {
        return live.facts();
    }

    /** Notes that its user has just proved its identity once more; to be followed by {@link #changeId()}. */
    public void authenticated() {
        live.setAuthenticated(true);
    }

    /** Notes that nothing is known about when its user proved its identity. */
    public void authenticatedAtUnknownTime() {
        live.setAuthenticated(false);
    }

    /** The value of an attribute, or null. Its class is found by the loader. */
    public @Nullable Object attribute(String name, ClassLoader loader) {
        LiveSession state = live;
        return state.attributes()
                .get(name, loader, value -> state.environment().notifier().activated(this, value));
    }

    public void setAttribute(String name, Object value) {
        @Nullable Object unused = prepareAttribute(name, value).set();
    }

    /**
     * Checks that an attribute can be set, and encodes its value. The attribute changes with {@link PreparedAttribute#set}.
     *
     * @throws IllegalArgumentException if the value cannot be stored
     * @throws SessionLimitReachedException if it names a user with too many sessions
     */
    public PreparedAttribute prepareAttribute(String name, Object value) {
        LiveSession state = live;
        if (name.equals(USER_ATTRIBUTE) && !value.toString().equals(user())) {
            state.environment().admission().accept(value.toString(), location());
        }
        return new PreparedAttribute(
                this, state, name, value, state.attributes().prepare(name, value));
    }

    void noteLogin() {
        logins.incrementAndGet();
    }

    /** How often this request has set the user, also to the one that was set before. */
    public long logins() {
        return logins.get();
    }

    /** Removes an attribute and returns its value, unless that has not been read yet. */
    public @Nullable Object removeAttribute(String name) {
        LiveSession state = live;
        Object removed = state.attributes().remove(name);
        state.note(name, null);
        return removed;
    }

    /** The names of all attributes that can be read. */
    public List<String> attributeNames(ClassLoader loader) {
        return live.attributes().names(loader);
    }

    /** An object that stands for the shared state of this session elsewhere, made once. */
    public <T> T facade(Class<T> type, Function<Session, T> maker) {
        return live.facade(type, maker);
    }

    /** Whether the client of this request may learn the token that opens the session now. */
    boolean mayAnnounce(long now) {
        SessionMetadata stored = live.metadata();
        return !isCutOff() && (changedId || rotated || live.isNew() || stored.accepts(admittedEpoch, now));
    }

    SessionKeys location() {
        return live.location();
    }

    LiveSession live() {
        return live;
    }

    LocalSessions.@Nullable Hold hold() {
        return hold;
    }

    void holdBy(LocalSessions.Hold taken) {
        hold = taken;
        live.enter(this);
    }

    /** Ends the part of this request in the session; more calls do nothing. */
    void release() {
        LocalSessions.Hold taken = hold;
        live.leave(this);
        if (taken != null) {
            taken.release();
        }
    }

    /** Whether the request has not let go of it yet. */
    boolean isInUse() {
        return live.isUsedBy(this);
    }

    /** The request that uses the session if there is exactly one, else this object. */
    public Session onlyUser() {
        Session only = live.onlyUser();
        return only == null ? this : only;
    }

    /** Whether other requests use the session at the same time. */
    boolean isShared() {
        LocalSessions.Hold taken = hold;
        return taken != null && taken.isShared();
    }

    @Override
    public String toString() {
        return "session " + handle();
    }
}
