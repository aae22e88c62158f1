package io.gatehouse.internal.session.token;

import java.util.Locale;

/** The events of sessions and tokens that are counted. */
public enum SessionEvent {
    /** A new session was stored. */
    CREATED,
    /** A stored session was read for a request. */
    LOADED,
    /** Changes were stored. */
    SAVED,
    /** Another node had stored changes first; both changes were kept. */
    MERGED,
    /** Changes were dropped because their session had ended. */
    SAVED_TOO_LATE,
    /** Changes of a request, or its invalidation, were dropped because the id had changed without grace time. */
    REQUEST_CUT_OFF,
    /** The application invalidated a session. */
    INVALIDATED,
    /** The session reaper removed an expired session. */
    EXPIRED,
    /** A session was terminated from outside of its requests. */
    TERMINATED,
    /** Fewer replicas than configured confirmed the end of sessions. The sessions have ended. */
    END_UNCONFIRMED,
    /** Fewer replicas than configured confirmed changes. The request fails, although the changes may be stored. */
    SAVE_UNCONFIRMED,
    /** A token was malformed. */
    TOKEN_MALFORMED,
    /** A token was signed by an unknown key. */
    TOKEN_UNKNOWN_KEY,
    /** The MAC of a token was wrong; the token may belong to another application. */
    TOKEN_FORGED,
    /** A genuine token was used after the absolute end of its session. */
    TOKEN_EXPIRED,
    /** A genuine token was older than a change of the id. */
    TOKEN_SUPERSEDED,
    /** A token that a rotation had replaced was used after its grace time, which is a sign of theft. */
    TOKEN_REUSED,
    /** The session of a genuine token no longer existed. */
    TOKEN_WITHOUT_SESSION,
    /** The user's sessions were revoked after a genuine token was issued. */
    TOKEN_SIGNED_OUT,
    /** A session record was malformed. */
    RECORD_MALFORMED,
    /** A session record was larger than the limit and was not read. */
    RECORD_TOO_LARGE,
    /** A session record was signed by an unknown key. */
    RECORD_UNKNOWN_KEY,
    /** The MAC of a session record was wrong. */
    RECORD_FORGED,
    /** This version of the application could not decode an attribute; its bytes are kept. */
    ATTRIBUTE_UNREADABLE,
    /** An attribute kept changing while it was encoded, or has no stable encoding; its last valid bytes are kept until it is set again. */
    ATTRIBUTE_UNSTABLE,
    /** An attribute grew beyond a limit after it was set; its previous value is kept. */
    ATTRIBUTE_TOO_LARGE,
    /** A value that cannot be stored was set. It is kept on this node only. */
    ATTRIBUTE_LOCAL;

    /** Returns the name in metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
