package io.gatehouse.internal.session.token;

import org.jspecify.annotations.Nullable;

/** A genuine session token with the names of its session. Immutable. */
public final class VerifiedToken {
    private final SessionToken claims;
    private final String text;
    private final SessionKeys sessionKeys;

    /** @param text the signed text of the token, as in the cookie */
    public VerifiedToken(SessionToken claims, String text, SessionKeys sessionKeys) {
        this.claims = claims;
        this.text = text;
        this.sessionKeys = sessionKeys;
    }

    /** Returns the claims of the token. */
    public SessionToken claims() {
        return claims;
    }

    /** Returns the signed text of the token, as in the cookie. */
    public String text() {
        return text;
    }

    /** Returns the handle of the session. */
    public String handle() {
        return sessionKeys.handle();
    }

    /**
     * Returns the tag of the session's user when the token was issued, or null if the session had no user or the token has version 1.
     * The tag is a keyed hash of the user's name: all sessions of a user that were created under one signing key have the same tag.
     */
    public @Nullable String userTag() {
        return claims.userTag();
    }

    /** Returns the names of the session. */
    public SessionKeys keys() {
        return sessionKeys;
    }

    @Override
    public String toString() {
        return "token of " + sessionKeys;
    }
}
