package io.gatehouse.internal.session.token;

import org.jspecify.annotations.Nullable;

/**
 * What a cookie says once it is known to be genuine.
 *
 * @param kid the key that signed it, from which also the session's place in Redis follows
 * @param id the secret id
 * @param epoch how often the id was changed before this token was given out
 * @param expiresAt the session's absolute end in seconds since 1970, or 0 if it has none
 * @param userTag what stands for the user whose session it was then, or null if it was nobody's
 */
public record SessionToken(
        String kid,
        SessionId id,
        long epoch,
        long expiresAt,
        @Nullable String userTag) {}
