package io.gatehouse.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a session, as lists show it. Immutable.
 *
 * <pre>{@code
 * SessionInfo session = sessions.getUserSessions("user123").get(0);
 * log.info(session.device() + " from " + session.address() + " since " + session.createdAt());
 * }</pre>
 *
 * @param handle the name of the session for administrators and logs; not a secret
 * @param user the name of the user, or empty
 * @param device the {@code User-Agent} of the request that created the session, or empty
 * @param address the client address of that request, or empty
 * @param createdAt the time of creation
 * @param lastAccessedAt the time of the last recorded use
 * @param authenticatedAt the time of the user's last authentication, or null
 * @param remembered whether the session outlives the browser
 * @param idleTimeLeft the time until the session expires if it is not used, or null if it has no idle timeout
 * @param expiresAt the absolute end of the session, or null if it has none
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
        @Nullable Instant expiresAt) {}
