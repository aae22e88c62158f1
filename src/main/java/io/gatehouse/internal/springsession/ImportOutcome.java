package io.gatehouse.internal.springsession;

import java.util.Locale;

/** The outcome of a request with a cookie of Spring Session, as it is counted. */
public enum ImportOutcome {
    /** The session was imported. */
    IMPORTED,
    /** Another request had just imported the session, which this request uses as well. */
    JOINED,
    /** There is no record for the cookie. */
    MISSING,
    /** The cookie does not contain a UUID. */
    MALFORMED,
    /** The record had expired. */
    EXPIRED,
    /** The record is too large, or its times are not written with Java serialization. */
    UNREADABLE,
    /** The login of Spring Security in the record cannot be read. */
    LOGIN_UNREADABLE,
    /** The sessions of the user were terminated before. */
    REVOKED,
    /** The user has as many sessions as the limit allows. */
    NO_PLACE,
    /** Redis was unavailable, or another request did not finish the import in time. */
    UNAVAILABLE;

    /** Returns the name in lower case, as in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
