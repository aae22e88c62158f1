package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The authentication and the absolute end of a session. Times are taken from the Redis server, so that all nodes agree. Immutable.
 *
 * @param now the time of the request
 * @param authenticatedAt the time of the user's last authentication, or null if it is unknown or no user is logged in
 * @param remembered whether the session outlives the browser
 * @param expiresAt the absolute end, or null for none
 */
public record AuthenticationInfo(
        Instant now,
        @Nullable Instant authenticatedAt,
        boolean remembered,
        @Nullable Instant expiresAt) {

    static AuthenticationInfo of(SessionMetadata sessionMetadata, long now) {
        return new AuthenticationInfo(
                Instant.ofEpochMilli(now),
                sessionMetadata.authenticatedAt() == 0 ? null : Instant.ofEpochMilli(sessionMetadata.authenticatedAt()),
                sessionMetadata.isRemembered(),
                sessionMetadata.expiresAt() == 0 ? null : Instant.ofEpochMilli(sessionMetadata.expiresAt()));
    }

    /** Returns whether the user was authenticated within a time span before the request. */
    public boolean isAuthenticatedWithin(Duration atMost) {
        return authenticatedAt != null && Duration.between(authenticatedAt, now).compareTo(atMost) <= 0;
    }
}
