package io.gatehouse.internal.redis;

import io.gatehouse.internal.config.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A user and a password or token for one server. Two logins are equal only if they are the same object. Immutable. */
public final class RedisLogin {
    private final String user;
    private final Secret password;
    private final @Nullable Instant expiresAt;

    /**
     * @param user the ACL user, or empty for the default user
     * @param password the password or token, or empty for none
     * @param expiresAt when the server stops accepting it, or null for never
     */
    public RedisLogin(String user, Secret password, @Nullable Instant expiresAt) {
        this.user = user;
        this.password = password;
        this.expiresAt = expiresAt;
    }

    /** Returns the ACL user, or empty for the default user. */
    public String user() {
        return user;
    }

    /** Returns the password or token, or empty for none. */
    public Secret password() {
        return password;
    }

    /** Returns when the server stops accepting it, or null for never. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** Returns whether the user and the password are the same. */
    public boolean isSameAs(RedisLogin other) {
        return user.equals(other.user) && password.reveal().equals(other.password.reveal());
    }
}
