package io.gatehouse.session;

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
public record SessionFacts(
        Instant now,
        @Nullable Instant authenticatedAt,
        boolean remembered,
        @Nullable Instant expiresAt) {

    static SessionFacts of(Metadata metadata, long now) {
        return new SessionFacts(
                Instant.ofEpochMilli(now),
                metadata.authenticatedAt() == 0 ? null : Instant.ofEpochMilli(metadata.authenticatedAt()),
                metadata.isRemembered(),
                metadata.expiresAt() == 0 ? null : Instant.ofEpochMilli(metadata.expiresAt()));
    }

    /** Whether the user has proved who it is no longer ago than that. */
    public boolean isAuthenticatedWithin(Duration atMost) {
        return authenticatedAt != null && Duration.between(authenticatedAt, now).compareTo(atMost) <= 0;
    }
}
