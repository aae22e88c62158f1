package io.gatehouse.session;

import org.jspecify.annotations.Nullable;

/**
 * What is known about a live session: as it is stored, and what was changed here since. Times are milliseconds since 1970.
 * Belongs to its session, which guards it.
 */
final class MetadataDraft {
    /** The detail that marks a session whose user wants to be remembered. */
    static final String REMEMBER = "remember";

    private final SessionLifetimes lifetimes;
    private Metadata base;
    private int idChanges;
    private long graceMillis;
    private @Nullable Long newIdleSeconds;
    private @Nullable String newUser;
    private @Nullable Long newAuthentication;
    private @Nullable Boolean remember;

    MetadataDraft(Metadata base, SessionLifetimes lifetimes) {
        this.base = base;
        this.lifetimes = lifetimes;
    }

    /** As it is stored. */
    Metadata base() {
        return base;
    }

    /** A new id, and the old one is dead at once. */
    void changeId() {
        idChanges++;
        graceMillis = 0;
    }

    /** A new id if the one there is has become old; requests that are under way with it are let in for a while. */
    boolean rotateIfDue(long now) {
        long since = base.graceUntil() > 0 ? base.graceUntil() : base.createdAt();
        boolean due = idChanges == 0 && lifetimes.isRotationDue(since, now);
        if (due) {
            idChanges = 1;
            graceMillis = lifetimes.rotationGrace().toMillis();
        }
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
    Metadata with(long now) {
        Metadata result = base;
        if (idChanges > 0) {
            // the end of the grace time also says when the id was given, for the next rotation
            result = result.withEpoch(result.epoch() + 1, now + graceMillis);
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
        if (remember != null && remember != isRemembered(result)) {
            result = result.withDetail(REMEMBER, remember ? "1" : "")
                    .withEnd(lifetimes.end(result.createdAt(), remember))
                    .withIdleSeconds(remember ? lifetimes.idleSeconds(0) : result.idleSeconds());
        }
        return result;
    }

    static boolean isRemembered(Metadata metadata) {
        return metadata.details().containsKey(REMEMBER);
    }

    /** How many changes of the id there are that nothing stored has yet. */
    int idChanges() {
        return idChanges;
    }

    /** A draft was stored; what came in meanwhile stays changed. */
    void stored(Metadata written, int idChangesWritten) {
        idChanges -= idChangesWritten;
        if (newIdleSeconds != null && newIdleSeconds == written.idleSeconds()) {
            newIdleSeconds = null;
        }
        if (newUser != null && newUser.equals(written.user())) {
            newUser = null;
        }
        if (newAuthentication != null && newAuthentication == written.authenticatedAt()) {
            newAuthentication = null;
        }
        if (remember != null && remember == isRemembered(written)) {
            remember = null;
        }
        if (base.version() < written.version()) { // else another request has read something newer already
            base = written;
        }
    }

    /** Another node stored something first. */
    void rebase(Metadata theirs) {
        if (theirs.epoch() > base.epoch()) {
            idChanges = 0; // the id has been changed already
        }
        base = theirs;
    }
}
