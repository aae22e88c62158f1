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

    /** The attribute that, while it is {@code true}, makes the session outlive the browser. */
    public static final String REMEMBER_ATTRIBUTE = "io.gatehouse.remember";

    private final Location location;
    private final Credential credential;
    private final Attributes attributes;
    private final SessionEnvironment environment;
    /** Held while the session is saved; one save at a time. */
    final ReentrantLock saving = new ReentrantLock();

    private final MetadataDraft metadata;
    private byte @Nullable [] seal;
    private boolean current = true;
    private long lastAccess;
    private long thisAccess;
    private volatile boolean isNew;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean ended;
    private @Nullable Object facade;

    /** A new session, stored nowhere yet. */
    Session(Location location, @Nullable SessionId id, Metadata metadata, SessionEnvironment environment) {
        this.location = location;
        this.credential = new Credential(location, id);
        this.attributes = environment.attributes().get();
        this.environment = environment;
        this.metadata = new MetadataDraft(metadata, environment.lifetimes());
        this.lastAccess = metadata.createdAt();
        this.thisAccess = metadata.createdAt();
        this.isNew = true;
    }

    /** A session that was read when its end was claimed. */
    Session(Location location, StoredSession stored, long lastAccess, SessionEnvironment environment) {
        this(location, null, stored, lastAccess, lastAccess, environment);
        ending.set(true);
    }

    /** A session that was read. */
    Session(
            Location location,
            @Nullable SessionId id,
            StoredSession stored,
            long lastAccess,
            long now,
            SessionEnvironment environment) {
        this(location, id, stored.metadata(), environment);
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
        return Instant.ofEpochMilli(metadata().createdAt());
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
        metadata.setIdleSeconds(seconds);
    }

    /** Gives the session a new id; the token the client has now opens it no longer. */
    public synchronized void changeId() {
        metadata.changeId();
    }

    /** Gives it a new id if the one it has is old, and says so; requests under way with that are let in for a while. */
    public synchronized boolean rotateIfDue() {
        return metadata.rotateIfDue(thisAccess);
    }

    /** What is known about its log-in and its end. */
    public synchronized SessionFacts facts() {
        return SessionFacts.of(metadata(), thisAccess);
    }

    /** Its user has proved just now who it is, once more; to be followed by {@link #changeId()}. */
    public synchronized void authenticated() {
        metadata.setAuthenticated(thisAccess);
    }

    /** The value of an attribute, or null. Its class is found by the loader. */
    public @Nullable Object attribute(String name, ClassLoader loader) {
        return attributes.get(name, loader, value -> environment.observer().activated(this, value));
    }

    public void setAttribute(String name, Object value) {
        @Nullable Object unused = setAttribute(name, value, () -> {});
    }

    /**
     * Sets an attribute.
     *
     * @param beforehand done when it is certain that the value can be set, and before anybody can see it
     * @return the value that it replaces, unless nobody has asked for that one yet
     * @throws IllegalArgumentException if the value cannot be stored
     * @throws SessionLimitReached if it names a user who has too many sessions already
     */
    public @Nullable Object setAttribute(String name, Object value, Runnable beforehand) {
        if (name.equals(USER_ATTRIBUTE) && !value.toString().equals(user())) {
            environment.admission().accept(value.toString(), location);
        }
        Object replaced = attributes.set(name, value, beforehand);
        note(name, value);
        return replaced;
    }

    /** Removes an attribute and gives it back, unless nobody has asked for it yet. */
    public @Nullable Object removeAttribute(String name) {
        Object removed = attributes.remove(name);
        note(name, null);
        return removed;
    }

    private synchronized void note(String name, @Nullable Object value) {
        metadata.attributeChanged(name, value);
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

    Location location() {
        return location;
    }

    Credential credential() {
        return credential;
    }

    /** What is known about the session with what was changed here. */
    synchronized Metadata metadata() {
        return metadata.with(thisAccess);
    }

    /** The change since the last save, or null if there is none. */
    synchronized @Nullable SessionChange change() {
        Metadata now = metadata();
        boolean same = seal != null && now.equals(metadata.base());
        if (same && !attributes.mayDiffer()) {
            return null;
        }
        Draft draft = attributes.draft(value -> environment.observer().passivating(this, value));
        if (same && !draft.changed()) {
            return null;
        }
        return new SessionChange(
                seal,
                metadata.base(),
                now.withVersion(metadata.base().version() + 1),
                draft,
                !current,
                metadata.idChanges());
    }

    /** A change was stored; what came in meanwhile stays changed. */
    synchronized void stored(SessionChange change, Map<String, StoredValue> written, byte[] newSeal) {
        boolean newer = metadata.base().version() < change.metadata().version();
        metadata.stored(change.metadata(), change.idChanges());
        if (newer) { // else another request has read something newer already
            seal = newSeal;
            current = true;
            attributes.stored(written);
        }
    }

    /** Another node stored something first: it is taken over, and what was changed here stays changed. */
    synchronized void rebase(StoredSession theirs) {
        Set<String> changedHere = attributes.draft(null).changedNames();
        metadata.rebase(theirs.metadata());
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
        if (theirs.metadata().version() > metadata.base().version()) {
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
