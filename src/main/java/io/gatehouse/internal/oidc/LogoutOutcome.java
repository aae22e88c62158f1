package io.gatehouse.internal.oidc;

import java.util.Locale;

/** The outcome of one logout request of the OpenID provider, as it is counted. */
public enum LogoutOutcome {
    /** The sessions have ended, or there were none. */
    ENDED,
    /** The request has no token, or the token is no signed JWT with claims of the expected types. */
    MALFORMED,
    /** The token is not signed, or its algorithm is not one of the accepted asymmetric ones. */
    ALGORITHM,
    /** The token says that it is of another type. */
    TYPE,
    /** Another issuer, or none. */
    ISSUER,
    /** The token is for other clients. */
    AUDIENCE,
    /** The token has expired, is too old, comes from the future, or has no time. */
    TIME,
    /** The token is not about a logout. */
    EVENT,
    /** The token has a nonce, which only ID tokens may have. */
    NONCE,
    /** Neither a session nor a user is named. */
    SUBJECT,
    /** The token has no id. */
    ID,
    /** No key of the provider verifies the signature. */
    SIGNATURE,
    /** The token was used before, on this node or another. */
    REPLAYED,
    /** Redis or the keys of the provider were unavailable, or another request uses the token; the provider can repeat the request. */
    UNAVAILABLE;

    /** Returns the name in lower case, as in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
