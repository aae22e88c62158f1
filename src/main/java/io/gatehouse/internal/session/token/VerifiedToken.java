package io.gatehouse.internal.session.token;

import org.jspecify.annotations.Nullable;

/** A genuine token and where its session is; what a request shows to have it opened. */
public final class VerifiedToken {
    private final SessionToken token;
    private final String text;
    private final SessionKeys sessionKeys;

    /** @param text the cookie value, which is how we write this token: all of it is under its MAC */
    public VerifiedToken(SessionToken token, String text, SessionKeys sessionKeys) {
        this.token = token;
        this.text = text;
        this.sessionKeys = sessionKeys;
    }

    public SessionToken token() {
        return token;
    }

    /** The cookie value that it was made from. */
    public String text() {
        return text;
    }

    /** Returns the handle of the claimed session. */
    public String handle() {
        return sessionKeys.handle();
    }

    /**
     * What stands for the user whose session it was when the token was written, or null if it was nobody's or the token is of
     * version 1. The same in all sessions of a user and an application that were made under one signing key; it follows from
     * the user's name and that key, and does not lead back to the name.
     */
    public @Nullable String userTag() {
        return token.userTag();
    }

    public SessionKeys location() {
        return sessionKeys;
    }

    @Override
    public String toString() {
        return "ticket of " + sessionKeys;
    }
}
