package io.gatehouse.internal.session;

import io.gatehouse.internal.session.store.SessionMetadata;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request can know about the log-in and the end of its session. Times are Redis' own, so that nodes agree.
 *
 * @param now when the request came
 * @param authenticatedAt when the user last proved who it is, or null if nobody did
 * @param remembered whether the user wants to be remembered when the browser is closed
 * @param expiresAt the absolute end that no use can move, or null if there is none
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

    /** Whether the user has proved who it is no longer ago than that. */
    public boolean isAuthenticatedWithin(Duration atMost) {
        return authenticatedAt != null && Duration.between(authenticatedAt, now).compareTo(atMost) <= 0;
    }
}
