package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a live session: as it is stored, and what was changed here since. Times are milliseconds since 1970.
 * Belongs to its session, which guards it.
 */
final class MetadataChanges {
    /** The detail that marks a session whose user wants to be remembered. */
    private final SessionLifetimes lifetimes;

    private SessionMetadata base;
    private int idChanges;
    private String lastChange = "";
    private boolean rotation;
    private @Nullable Long newIdleSeconds;
    private @Nullable String newUser;
    private @Nullable Long newAuthentication;
    private @Nullable Boolean remember;

    MetadataChanges(SessionMetadata base, SessionLifetimes lifetimes) {
        this.base = base;
        this.lifetimes = lifetimes;
    }

    /** As it is stored. */
    SessionMetadata base() {
        return base;
    }

    /** A copy that changes independently of this one. */
    MetadataChanges copy() {
        MetadataChanges copy = new MetadataChanges(base, lifetimes);
        copy.idChanges = idChanges;
        copy.lastChange = lastChange;
        copy.rotation = rotation;
        copy.newIdleSeconds = newIdleSeconds;
        copy.newUser = newUser;
        copy.newAuthentication = newAuthentication;
        copy.remember = remember;
        return copy;
    }

    /**
     * Changes the id without grace time: tokens of every epoch that is known are refused from then on.
     *
     * @param change a text that no other change has
     */
    void changeId(String change) {
        idChanges++;
        lastChange = change;
    }

    /** Changes the id if it has become old; requests that are under way with the old one are let in for the grace time. */
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

    /** Some attributes are also facts. */
    void attributeChanged(String name, @Nullable Object value) {
        if (name.equals(Session.USER_ATTRIBUTE)) {
            newUser = value == null ? "" : value.toString();
        } else if (name.equals(Session.REMEMBER_ATTRIBUTE)) {
            remember = Boolean.TRUE.equals(value);
        }
    }

    /** As it is with what was changed. */
    SessionMetadata with(long now) {
        SessionMetadata result = base;
        // the end of the grace time also says when the id was given, for the next rotation
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
        return result;
    }

    /** The changes of the id that are not stored yet. */
    IdChanges pendingIdChanges() {
        return new IdChanges(idChanges, rotation);
    }

    /**
     * Changes of the id.
     *
     * @param explicit how many without grace time
     * @param rotation whether one with grace time, which several nodes may make at once and only one of them counts
     */
    record IdChanges(int explicit, boolean rotation) {}

    /** A draft was stored; what came in meanwhile stays changed. */
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
        if (base.version() < written.version()) { // else another request has read something newer already
            base = written;
        }
    }

    /** Another node stored something first. A change without grace time that is pending here stays pending. */
    void rebase(SessionMetadata theirs) {
        if (theirs.epoch() > base.epoch()) {
            rotation = false; // the id is young again
        }
        base = theirs;
    }
}
