package io.gatehouse.internal.redis;

import io.gatehouse.internal.config.Secret;
import java.util.function.Supplier;

/**
 * Where the data of one purpose lives and who we are there.
 *
 * @param password asked at every new connection, so that a changed password file is seen
 * @param database always 0 on a cluster
 */
public record RedisEndpoint(
        TopologySettings topology, boolean tls, String user, Supplier<Secret> password, int database) {

    /** Whether one set of connections can serve both, up to the database. */
    public boolean sharesServerWith(RedisEndpoint other) {
        return topology.equals(other.topology)
                && tls == other.tls
                && user.equals(other.user)
                && password.get().reveal().equals(other.password.get().reveal());
    }
}
