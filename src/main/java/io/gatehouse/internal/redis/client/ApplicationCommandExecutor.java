package io.gatehouse.internal.redis.client;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.ApplicationCommands;
import io.gatehouse.internal.redis.connect.ApplicationCommands.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.executors.CommandExecutor;
import redis.clients.jedis.executors.aggregators.MultiNodeResultAggregator;

/**
 * Executes single commands. A blocking command gets a connection of its own and the time that it blocks in addition to the
 * deadline. Thread-safe.
 */
final class ApplicationCommandExecutor implements CommandExecutor {
    private static final int MAX_REDIRECTIONS = 3;

    private final ApplicationCommands applicationCommands;

    ApplicationCommandExecutor(ApplicationCommands applicationCommands) {
        this.applicationCommands = applicationCommands;
    }

    @Override
    public <T> T executeCommand(CommandObject<T> commandObject) {
        Command command = CommandRules.command(commandObject.getArguments());
        Optional<Duration> blocking = BlockingTime.of(command.arguments());
        try {
            if (blocking.isPresent()) {
                return commandObject.getBuilder().build(block(command, blocking.get()));
            }
            return applicationCommands.isCluster() && CommandRules.isForAllMasters(command)
                    ? onAllMasters(commandObject, command)
                    : commandObject.getBuilder().build(only(applicationCommands.execute(List.of(command))));
        } catch (RedisUnavailableException e) {
            throw JedisExceptions.of(e);
        }
    }

    private static @Nullable Object only(Object[] replies) {
        return JedisExceptions.require(replies[0]);
    }

    private <T> T onAllMasters(CommandObject<T> commandObject, Command command) {
        MultiNodeResultAggregator<T> results = new MultiNodeResultAggregator<>(
                StaticCommandFlagsRegistry.registry().getResponsePolicy(command.arguments()));
        for (HostAndPort master : applicationCommands.masters()) {
            try {
                results.addSuccess(
                        master,
                        commandObject
                                .getBuilder()
                                .build(only(applicationCommands.executeOn(master, List.of(command)))));
            } catch (RedisUnavailableException e) {
                results.addError(master, JedisExceptions.of(e));
            } catch (JedisException e) {
                results.addError(master, e);
            }
        }
        return results.getResult();
    }

    private @Nullable Object block(Command command, Duration time) {
        HostAndPort node = applicationCommands.nodeFor(command.key());
        for (int i = 0; i < MAX_REDIRECTIONS; i++) {
            try (Connection connection = applicationCommands.open(node)) {
                connection.setSoTimeout(
                        (int) time.plus(applicationCommands.deadline()).toMillis());
                return connection.executeCommand(command.arguments());
            } catch (JedisMovedDataException e) {
                applicationCommands.moved(e);
                node = e.getTargetNode();
            }
        }
        throw new JedisClusterOperationException("the slot of a key is moving between nodes");
    }

    /** Has no effect: the connections belong to Gatehouse. */
    @Override
    public void close() {}
}
