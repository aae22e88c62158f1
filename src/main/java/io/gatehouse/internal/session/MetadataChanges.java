package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a live session: the stored metadata (the base) and the changes that are not stored yet. Times are milliseconds since
 * 1970. Not thread-safe; guarded by the live session.
 *
 * <p>The changes are kept separately from the base, so that they can be applied to a newer base after a conflict. A change ends when a
 * save that contains it succeeds. Id changes are counted: a save subtracts those that it has stored, so an id change that was made after
 * the draft remains. A rotation is a flag, because several nodes may rotate at once and only one rotation counts.
 */
final class MetadataChanges {
    private final SessionLifetimes lifetimes;

    private SessionMetadata base;
    private int idChanges;
    private String lastChange = "";
    private boolean rotation;
    private @Nullable Long newIdleSeconds;
    private @Nullable String newUser;
    private @Nullable Long newAuthentication;
    private @Nullable Boolean remember;
    private @Nullable String newProviderSession;

    MetadataChanges(SessionMetadata base, SessionLifetimes lifetimes) {
        this.base = base;
        this.lifetimes = lifetimes;
    }

    /** Returns the stored metadata. */
    SessionMetadata base() {
        return base;
    }

    /** Returns an independent copy. */
    MetadataChanges copy() {
        MetadataChanges copy = new MetadataChanges(base, lifetimes);
        copy.idChanges = idChanges;
        copy.lastChange = lastChange;
        copy.rotation = rotation;
        copy.newIdleSeconds = newIdleSeconds;
        copy.newUser = newUser;
        copy.newAuthentication = newAuthentication;
        copy.remember = remember;
        copy.newProviderSession = newProviderSession;
        return copy;
    }

    /**
     * Changes the id without grace time: tokens of all earlier epochs are rejected from then on.
     *
     * @param change a text that is unique to this change
     */
    void changeId(String change) {
        idChanges++;
        lastChange = change;
    }

    /** Rotates the id if it is old enough; returns whether it did. The old token is accepted until the end of the grace time. */
    boolean rotateIfDue(long now) {
        long since = base.graceUntil() > 0 ? base.graceUntil() : base.createdAt();
        boolean due = idChanges == 0 && !rotation && lifetimes.isRotationDue(since, now);
        rotation |= due;
        return due;
    }

    void setIdleSeconds(long seconds) {
        newIdleSeconds = lifetimes.idleSeconds(seconds);
    }

    void setAuthenticated(long when) {
        newAuthentication = when;
    }

    /** Returns whether an attribute determines metadata. */
    static boolean dependOn(String attribute) {
        return attribute.equals(Session.USER_ATTRIBUTE)
                || attribute.equals(Session.REMEMBER_ATTRIBUTE)
                || attribute.equals(Session.PROVIDER_SESSION_ATTRIBUTE);
    }

    /**
     * Updates the metadata that an attribute determines.
     *
     * @param text the value as text; empty if the attribute was removed
     * @param isTrue whether the value is {@link Boolean#TRUE}
     */
    void attributeChanged(String name, String text, boolean isTrue) {
        switch (name) {
            case Session.USER_ATTRIBUTE -> newUser = text;
            case Session.REMEMBER_ATTRIBUTE -> remember = isTrue;
            default -> newProviderSession = text;
        }
    }

    /** Returns the metadata with all changes applied. */
    SessionMetadata with(long now) {
        SessionMetadata result = base;
        // the end of the grace time is also the time of the id change, from which the next rotation is due
        if (idChanges > 0) {
            long epoch = result.epoch() + (rotation ? 1 : 0) + idChanges;
            result = result.withEpoch(epoch, now).withIdentity(epoch, lastChange);
        } else if (rotation) {
            result = result.withSameIdentity()
                    .withEpoch(
                            result.epoch() + 1, now + lifetimes.rotationGrace().toMillis());
        }
        if (newIdleSeconds != null) {
            result = result.withIdleSeconds(newIdleSeconds);
        }
        if (newUser != null && !newUser.equals(result.user())) {
            result = result.withUser(newUser, newUser.isEmpty() ? 0 : now);
        }
        if (newAuthentication != null) {
            result = result.withUser(result.user(), newAuthentication);
        }
        if (remember != null && remember != result.isRemembered()) {
            result = result.withDetail(SessionMetadata.REMEMBER, remember ? "1" : "")
                    .withEnd(lifetimes.end(result.createdAt(), remember))
                    .withIdleSeconds(remember ? lifetimes.idleSeconds(0) : result.idleSeconds());
        }
        if (newProviderSession != null) {
            result = result.withDetail(SessionMetadata.PROVIDER_SESSION, newProviderSession);
        }
        return result;
    }

    /** Returns the id changes that are not stored yet. */
    IdChanges pendingIdChanges() {
        return new IdChanges(idChanges, rotation);
    }

    /**
     * The id changes of a save.
     *
     * @param explicit the number of changes without grace time
     * @param rotation whether the id is rotated, with grace time
     */
    record IdChanges(int explicit, boolean rotation) {}

    /** Makes stored metadata the new base. Keeps changes that were made after the draft. */
    void stored(SessionMetadata written, IdChanges changes) {
        idChanges -= changes.explicit();
        rotation &= !changes.rotation();
        if (newIdleSeconds != null && newIdleSeconds == written.idleSeconds()) {
            newIdleSeconds = null;
        }
        if (newUser != null && newUser.equals(written.user())) {
            newUser = null;
        }
        if (newAuthentication != null && newAuthentication == written.authenticatedAt()) {
            newAuthentication = null;
        }
        if (remember != null && remember == written.isRemembered()) {
            remember = null;
        }
        if (newProviderSession != null && newProviderSession.equals(written.providerSession())) {
            newProviderSession = null;
        }
        base = written;
    }

    /** Returns whether there are changes, even if they make no difference to the base. */
    boolean isPending() {
        return idChanges > 0
                || rotation
                || newIdleSeconds != null
                || newUser != null
                || newAuthentication != null
                || remember != null
                || newProviderSession != null;
    }

    /** Records that the changes make no difference to the base. */
    void confirmed() {
        stored(base, new IdChanges(0, false));
    }

    /**
     * Makes metadata of another node the new base. Keeps pending id changes; drops a pending rotation if the id has changed.
     *
     * @param contained the number of pending id changes that the other metadata contain
     */
    void merge(SessionMetadata other, int contained) {
        idChanges -= contained;
        if (other.epoch() > base.epoch()) {
            rotation = false; // another node has changed the id
        }
        base = other;
    }
}
