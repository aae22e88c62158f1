package io.gatehouse.internal.redis.client;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.ApplicationCommands;
import io.gatehouse.internal.redis.connect.ApplicationCommands.Command;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.providers.ConnectionProvider;

/** Gives connections outside of the pools for subscriptions and {@code WATCH}, and one view of each master for {@code SCAN}. Thread-safe. */
final class OwnConnectionProvider implements ConnectionProvider {
    private final ApplicationCommands applicationCommands;

    OwnConnectionProvider(ApplicationCommands applicationCommands) {
        this.applicationCommands = applicationCommands;
    }

    @Override
    public Connection getConnection() {
        return open(null);
    }

    @Override
    public Connection getConnection(CommandArguments arguments) {
        return open(CommandRules.command(arguments).key());
    }

    private Connection open(byte @Nullable [] key) {
        try {
            return applicationCommands.open(applicationCommands.nodeFor(key));
        } catch (RedisUnavailableException e) {
            throw JedisExceptions.of(e);
        }
    }

    @Override
    public Map<HostAndPort, Connection> getConnectionMap() {
        try {
            Map<HostAndPort, Connection> views = new LinkedHashMap<>();
            applicationCommands.masters().forEach(master -> views.put(master, new MasterView(master)));
            return views;
        } catch (RedisUnavailableException e) {
            throw JedisExceptions.of(e);
        }
    }

    @Override
    public Map<HostAndPort, Connection> getPrimaryNodesConnectionMap() {
        return getConnectionMap();
    }

    /** Has no effect: the connections belong to Gatehouse. */
    @Override
    public void close() {}

    /** Sends each command to one master in an exchange of its own. It is not connected itself and needs no close. */
    private final class MasterView extends Connection {
        private final HostAndPort master;

        MasterView(HostAndPort master) {
            super(master);
            this.master = master;
        }

        @Override
        public Object executeCommand(CommandArguments arguments) {
            Command command = CommandRules.command(arguments);
            try {
                return Objects.requireNonNull( // SCAN never returns nil
                        JedisExceptions.require(applicationCommands.executeOn(master, List.of(command))[0]));
            } catch (RedisUnavailableException e) {
                throw JedisExceptions.of(e);
            }
        }
    }
}
