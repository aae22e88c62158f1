package io.gatehouse.internal.session.token;

import java.util.Locale;

/** What can happen to sessions and tokens, as it is counted. */
public enum SessionEvent {
    /** A new session was stored. */
    CREATED,
    /** A stored session was read for a request. */
    LOADED,
    /** Changes were stored. */
    SAVED,
    /** Another node had stored changes first; both were kept. */
    MERGED,
    /** Changes came after the end of their session and were dropped. */
    SAVED_TOO_LATE,
    /** Changes of a request, or its ending of the session, were dropped because the id had changed without grace time. */
    REQUEST_CUT_OFF,
    /** A session was ended by the application. */
    INVALIDATED,
    /** The clean-up removed a session whose time was over. */
    EXPIRED,
    /** A session was ended from outside. */
    TERMINATED,
    /** Fewer replicas than wanted confirmed the end of sessions; they have ended all the same. */
    END_UNCONFIRMED,
    /** Fewer replicas than wanted confirmed changes; they are reported as not stored, but may be. */
    SAVE_UNCONFIRMED,
    /** A token that has not our form. */
    TOKEN_MALFORMED,
    /** A token signed by a key we do not have. */
    TOKEN_UNKNOWN_KEY,
    /** A token whose signature is wrong, perhaps another application's. */
    TOKEN_FORGED,
    /** A genuine token after the absolute end of its session. */
    TOKEN_EXPIRED,
    /** A genuine token from before the id was changed. */
    TOKEN_SUPERSEDED,
    /** A token that a rotation replaced came back after its grace time: a sign that it was stolen. */
    TOKEN_REUSED,
    /** A genuine token whose session is not there any more. */
    TOKEN_WITHOUT_SESSION,
    /** A genuine token of a session whose user was signed out everywhere since. */
    TOKEN_SIGNED_OUT,
    /** A stored session in a form we do not know. */
    RECORD_MALFORMED,
    /** A stored session that is larger than sessions may be; it was not read. */
    RECORD_TOO_LARGE,
    /** A stored session signed by a key we do not have. */
    RECORD_UNKNOWN_KEY,
    /** A stored session that is not as we signed it. */
    RECORD_FORGED,
    /** An attribute that this version of the application cannot read; its bytes are kept. */
    ATTRIBUTE_UNREADABLE,
    /** An attribute that went on changing while it was written; its last good bytes were kept. */
    ATTRIBUTE_UNSTABLE,
    /** An attribute that grew beyond a limit after it was set; what it was before is kept. */
    ATTRIBUTE_TOO_LARGE,
    /** A value that cannot be stored was set, and is kept on this node only. */
    ATTRIBUTE_LOCAL;

    /** The name in metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
