package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.VerifiedToken;

/** The token of a request, verified without Redis. */
public sealed interface TokenVerification {

    /**
     * A genuine token.
     *
     * @param ticket the token
     * @param id the public id of its session
     */
    record Verified(VerifiedToken ticket, String id) implements TokenVerification {}

    /** No genuine token. */
    record Absent() implements TokenVerification {}
}
