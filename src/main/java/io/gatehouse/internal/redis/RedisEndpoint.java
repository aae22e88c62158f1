package io.gatehouse.internal.redis;

import io.gatehouse.internal.config.Secret;
import java.util.function.Supplier;

/**
 * The server, user and database of one purpose. Immutable.
 *
 * @param password read for every new connection, so that a changed password file takes effect
 * @param database always 0 in a cluster
 */
public record RedisEndpoint(
        TopologySettings topology, boolean tls, String user, Supplier<Secret> password, int database) {

    /** Returns whether both endpoints can use the same connections; their databases may differ. */
    public boolean sharesServerWith(RedisEndpoint other) {
        return topology.equals(other.topology)
                && tls == other.tls
                && user.equals(other.user)
                && password.get().reveal().equals(other.password.get().reveal());
    }
}
