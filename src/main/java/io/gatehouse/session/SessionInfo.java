package io.gatehouse.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be shown of a session.
 *
 * @param handle its name for admins and logs; opens nothing
 * @param user whose it is, or empty
 * @param idleTimeLeft until it ends without another request, or null if it does not
 * @param expiresAt its absolute end, or null if it has none
 */
public record SessionInfo(
        String handle,
        String user,
        Instant createdAt,
        Instant lastAccessedAt,
        @Nullable Duration idleTimeLeft,
        @Nullable Instant expiresAt) {

    static SessionInfo of(SessionStore.Glance glance) {
        Metadata metadata = glance.metadata();
        long idleEnd = glance.lastAccess() + metadata.idleSeconds() * 1000;
        return new SessionInfo(
                glance.location().handle(),
                metadata.user(),
                Instant.ofEpochMilli(metadata.createdAt()),
                Instant.ofEpochMilli(glance.lastAccess()),
                metadata.idleSeconds() == 0 ? null : Duration.ofMillis(idleEnd - glance.now()),
                metadata.expiresAt() == 0 ? null : Instant.ofEpochMilli(metadata.expiresAt()));
    }
}
