package io.gatehouse.session;

import io.gatehouse.session.Glances.Glance;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What lists show of a session.
 *
 * @param handle its name for admins and logs; opens nothing
 * @param user whose it is, or empty
 * @param device what the browser called itself when the session was made, or empty
 * @param address where that request came from, or empty
 * @param authenticatedAt when its user last proved who it is, or null
 * @param remembered whether it outlives the browser
 * @param idleTimeLeft until it ends without another request, or null if it does not
 * @param expiresAt its absolute end, or null if it has none
 */
public record SessionInfo(
        String handle,
        String user,
        String device,
        String address,
        Instant createdAt,
        Instant lastAccessedAt,
        @Nullable Instant authenticatedAt,
        boolean remembered,
        @Nullable Duration idleTimeLeft,
        @Nullable Instant expiresAt) {
    /** The details of a new session under which it is known where it came from. */
    public static final String DEVICE = "device";

    public static final String ADDRESS = "address";

    static SessionInfo of(Glance glance) {
        Metadata metadata = glance.metadata();
        long idleEnd = glance.lastAccess() + metadata.idleSeconds() * 1000;
        return new SessionInfo(
                glance.location().handle(),
                metadata.user(),
                metadata.details().getOrDefault(DEVICE, ""),
                metadata.details().getOrDefault(ADDRESS, ""),
                Instant.ofEpochMilli(metadata.createdAt()),
                Instant.ofEpochMilli(glance.lastAccess()),
                instant(metadata.authenticatedAt()),
                MetadataDraft.isRemembered(metadata),
                metadata.idleSeconds() == 0 ? null : Duration.ofMillis(idleEnd - glance.now()),
                instant(metadata.expiresAt()));
    }

    private static @Nullable Instant instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
