package io.gatehouse;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The user and password, or token, with which Gatehouse logs in to Redis. Immutable; {@link #toString} shows no password.
 *
 * <pre>{@code
 * new RedisCredentials("gatehouse", token.text(), token.expiresAt());
 * }</pre>
 *
 * @param user the ACL user; empty for the default user
 * @param password the password or token; not empty
 * @param expiresAt when the server stops accepting it and may close connections that used it; null for never
 */
public record RedisCredentials(
        String user, String password, @Nullable Instant expiresAt) {

    /** @throws IllegalArgumentException if there is no password */
    public RedisCredentials {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("found an empty password for Redis; expected a password or a token");
        }
    }

    /** Returns the user and the time, without the password. */
    @Override
    public String toString() {
        return "RedisCredentials[user=" + user + ", password=***, expiresAt=" + expiresAt + "]";
    }
}
