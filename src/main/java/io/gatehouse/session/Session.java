package io.gatehouse.session;

import io.gatehouse.session.Attributes.Draft;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One live session of this JVM. All requests that hold it at the same time share this object, so that what one of them sets
 * the others see, and locks on it mean something. Nothing is stored before {@link Sessions#save}. Safe for use by several
 * threads.
 */
public final class Session {
    /** The attribute whose text says whose session it is; setting it files the session under that user. */
    public static final String USER_ATTRIBUTE = "io.gatehouse.user";

    private final Location location;
    /** Null for a session that nobody opens any more, which is looked at while it ends. */
    private final @Nullable SessionId id;

    private final Attributes attributes;
    private final SessionObserver observer;
    /** Held while the session is saved; one save at a time. */
    final ReentrantLock saving = new ReentrantLock();

    private Metadata base;
    private byte @Nullable [] seal;
    private boolean current = true;
    private int rotations;
    private @Nullable Long newIdleSeconds;
    private @Nullable String newUser;
    private long lastAccess;
    private long thisAccess;
    private volatile boolean isNew;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean ended;
    private @Nullable Object facade;
    private volatile @Nullable Written written;

    /** A token and its text. */
    private record Written(SessionToken token, String text) {}

    /** A new session, stored nowhere yet. */
    Session(
            Location location,
            @Nullable SessionId id,
            Metadata metadata,
            Attributes attributes,
            SessionObserver observer) {
        this.location = location;
        this.id = id;
        this.attributes = attributes;
        this.observer = observer;
        this.base = metadata;
        this.lastAccess = metadata.createdAt();
        this.thisAccess = metadata.createdAt();
        this.isNew = true;
    }

    /** A session that was read when its end was claimed. */
    Session(Location location, StoredSession stored, long lastAccess, Attributes attributes, SessionObserver observer) {
        this(location, null, stored, lastAccess, lastAccess, attributes, observer);
        ending.set(true);
    }

    /** A session that was read. */
    Session(
            Location location,
            @Nullable SessionId id,
            StoredSession stored,
            long lastAccess,
            long now,
            Attributes attributes,
            SessionObserver observer) {
        this(location, id, stored.metadata(), attributes, observer);
        this.isNew = false;
        this.seal = stored.seal();
        this.current = stored.current();
        this.lastAccess = lastAccess;
        this.thisAccess = now;
        attributes.rebase(stored.values(), Set.of());
    }

    /** The public id: it changes with {@link #changeId()}, and nobody can open the session with it. */
    public String id() {
        return location.handle() + "." + metadata().epoch();
    }

    /** The name under which admins, logs and events know the session for all its life. */
    public String handle() {
        return location.handle();
    }

    public Instant createdAt() {
        return Instant.ofEpochMilli(base.createdAt());
    }

    /** When the client's request before the present one came; for a new session its creation. */
    public synchronized Instant lastAccessedAt() {
        return Instant.ofEpochMilli(lastAccess);
    }

    /** Until the client has come back with it. */
    public boolean isNew() {
        return isNew;
    }

    /** Whether it was ended, here or elsewhere. */
    public boolean isEnded() {
        return ended;
    }

    /** Whose session it is, or empty. */
    public String user() {
        return metadata().user();
    }

    /** After how many seconds without a request it ends; 0 for never. */
    public long idleSeconds() {
        return metadata().idleSeconds();
    }

    public synchronized void setIdleSeconds(long seconds) {
        newIdleSeconds = Math.max(0, seconds);
    }

    /** Gives the session a new id; the token the client has now opens it no longer. */
    public synchronized void changeId() {
        rotations++;
    }

    /** The value of an attribute, or null. Its class is found by the loader. */
    public @Nullable Object attribute(String name, ClassLoader loader) {
        return attributes.get(name, loader, value -> observer.activated(this, value));
    }

    /**
     * Sets an attribute.
     *
     * @throws IllegalArgumentException if the value cannot be stored
     */
    public void setAttribute(String name, Object value) {
        attributes.set(name, value);
        if (name.equals(USER_ATTRIBUTE)) {
            setUser(value.toString());
        }
    }

    public void removeAttribute(String name) {
        attributes.remove(name);
        if (name.equals(USER_ATTRIBUTE)) {
            setUser("");
        }
    }

    public List<String> attributeNames() {
        return attributes.names();
    }

    /** An object that stands for this session elsewhere, made once. */
    public synchronized <T> T facade(Class<T> type, Function<Session, T> maker) {
        Object made = facade;
        if (made == null) {
            made = maker.apply(this);
            facade = made;
        }
        return type.cast(made);
    }

    private synchronized void setUser(String user) {
        newUser = user;
    }

    Location location() {
        return location;
    }

    SessionToken token() {
        if (id == null) {
            throw new IllegalStateException("nobody opens " + this + " any more");
        }
        Metadata now = metadata();
        return new SessionToken(location.kid(), id, now.epoch(), now.expiresAt() / 1000);
    }

    /** The text of its token, which is signed anew only if the token is not the one of last time. */
    String tokenText(Function<SessionToken, String> writer) {
        SessionToken now = token();
        Written known = written;
        if (known != null && known.token().equals(now)) {
            return known.text();
        }
        String text = writer.apply(now);
        written = new Written(now, text);
        return text;
    }

    void wasWritten(SessionToken token, String text) {
        written = new Written(token, text);
    }

    /** What is known about the session with what was changed here. */
    synchronized Metadata metadata() {
        Metadata result = base;
        if (rotations > 0) {
            result = result.withEpoch(result.epoch() + 1, 0);
        }
        if (newIdleSeconds != null) {
            result = result.withIdleSeconds(newIdleSeconds);
        }
        if (newUser != null && !newUser.equals(result.user())) {
            result = result.withUser(newUser, newUser.isEmpty() ? 0 : thisAccess);
        }
        return result;
    }

    /**
     * What a save has to write.
     *
     * @param seal what is stored now, null for nothing
     * @param before the metadata as stored
     * @param rotations how many changes of the id it covers
     */
    record Change(
            byte @Nullable [] seal,
            Metadata before,
            Metadata metadata,
            Draft attributes,
            boolean rewrite,
            int rotations) {}

    /** The change since the last save, or null if there is none. */
    synchronized @Nullable Change change() {
        Metadata now = metadata();
        boolean same = seal != null && now.equals(base);
        if (same && !attributes.mayDiffer()) {
            return null;
        }
        Draft draft = attributes.draft(value -> observer.passivating(this, value));
        if (same && !draft.changed()) {
            return null;
        }
        return new Change(seal, base, now.withVersion(base.version() + 1), draft, !current, rotations);
    }

    /** A change was stored; what came in meanwhile stays changed. */
    synchronized void stored(Change change, Map<String, StoredValue> written, byte[] newSeal) {
        rotations -= change.rotations();
        if (newIdleSeconds != null && newIdleSeconds == change.metadata().idleSeconds()) {
            newIdleSeconds = null;
        }
        if (newUser != null && newUser.equals(change.metadata().user())) {
            newUser = null;
        }
        if (base.version() < change.metadata().version()) { // else another request has read something newer already
            base = change.metadata();
            seal = newSeal;
            current = true;
            attributes.stored(written);
        }
    }

    /** Another node stored something first: it is taken over, and what was changed here stays changed. */
    synchronized void rebase(StoredSession theirs) {
        Set<String> changedHere = attributes.draft(value -> {}).changedNames();
        if (theirs.metadata().epoch() > base.epoch()) {
            rotations = 0; // the id has been changed already
        }
        base = theirs.metadata();
        seal = theirs.seal();
        current = theirs.current();
        attributes.rebase(theirs.values(), changedHere);
    }

    /** Another request came with the session; what it read is taken over if it is newer. */
    synchronized void join(StoredSession theirs, long previous, long now) {
        isNew = false;
        if (now > thisAccess) {
            lastAccess = Math.max(previous, lastAccess);
            thisAccess = now;
        }
        if (theirs.metadata().version() > base.version()) {
            rebase(theirs);
        }
    }

    /** Whether Redis has heard of it. */
    synchronized boolean isStored() {
        return seal != null;
    }

    /** The names of its fields in Redis that hold one value each. */
    List<String> storedFields() {
        return attributes.storedFields();
    }

    /** Begins to end it; says whether nobody had before. Until it has ended it can be read. */
    boolean beginEnding() {
        return !ended && ending.compareAndSet(false, true);
    }

    void end() {
        ended = true;
    }

    @Override
    public String toString() {
        return "session " + handle();
    }
}
