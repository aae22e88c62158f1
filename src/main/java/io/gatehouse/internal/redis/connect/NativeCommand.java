package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.ExceptionTranslator;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A Redis command in the form that Jedis sends.
 *
 * @param key the first key, or null if any master can run the command
 * @param ofApplication whether the application chose the command; then an error reply says little about the node
 */
record NativeCommand(
        CommandArguments arguments, byte @Nullable [] key, int database, boolean repeatable, boolean ofApplication)
        implements RoutedCommand {

    @Override
    public void sendTo(NodeConnection over) {
        over.sendCommand(arguments);
    }

    @Override
    public boolean hasText() {
        return false;
    }

    @Override
    public boolean isNodeFailure(JedisDataException error) {
        return ofApplication
                ? ExceptionTranslator.isNodeFailureForAnyCommand(error)
                : ExceptionTranslator.isNodeFailure(error);
    }
}
