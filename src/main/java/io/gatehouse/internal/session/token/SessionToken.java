package io.gatehouse.internal.session.token;

import org.jspecify.annotations.Nullable;

/**
 * The claims of a session token. Immutable.
 *
 * @param kid the key that signs the token and derives the names of the session
 * @param id the secret id
 * @param epoch the number of id changes before the token was issued
 * @param expiresAt the absolute end of the session in seconds since 1970, or 0 if it has none
 * @param userTag the tag of the session's user when the token was issued, or null if it had no user
 */
public record SessionToken(
        String kid,
        SessionId id,
        long epoch,
        long expiresAt,
        @Nullable String userTag) {}
