package io.gatehouse.internal.redis;

import io.gatehouse.RedisCredentialsProvider;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server, login and database of one purpose. Immutable.
 *
 * @param login the configured login, which is read again and again, so that a changed password file takes effect
 * @param provider the source of credentials that expire, or null if the configured login is used
 * @param database always 0 in a cluster
 */
public record RedisEndpoint(
        TopologySettings topology,
        boolean tls,
        Supplier<RedisLogin> login,
        @Nullable RedisCredentialsProvider provider,
        int database) {

    /** Returns whether both endpoints can use the same connections; their databases may differ. */
    public boolean sharesServerWith(RedisEndpoint other) {
        return topology.equals(other.topology)
                && tls == other.tls
                && provider == other.provider
                && login.get().isSameAs(other.login.get());
    }
}
