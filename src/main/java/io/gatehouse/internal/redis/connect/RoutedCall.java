package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.ExceptionTranslator;
import io.gatehouse.internal.redis.Operation.NativeCommand;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** A call with the database in which it runs and the response that it completes. */
record RoutedCall(RedisCall<?> call, int database, Response<?> response) implements RoutedCommand {

    /** Returns the first key. Every key of a call is in the slot of this one. */
    @Override
    public byte[] key() {
        return call.keys().get(0);
    }

    @Override
    public boolean hasText() {
        return call.operation() instanceof Script;
    }

    @Override
    public long mostBytes() {
        return call.mostBytes();
    }

    @Override
    public boolean repeatable() {
        return call.repeatable();
    }

    @Override
    public boolean isNodeFailure(JedisDataException error) {
        return ExceptionTranslator.isNodeFailure(error);
    }

    @Override
    public CommandArguments arguments(boolean byText) {
        List<byte[]> keys = call.keys();
        CommandArguments arguments;
        if (call.operation() instanceof Script script) {
            arguments = byText
                    ? new CommandArguments(Protocol.Command.EVAL).add(script.text())
                    : new CommandArguments(Protocol.Command.EVALSHA).add(script.sha1());
            arguments.add(keys.size());
        } else {
            arguments = new CommandArguments(command((NativeCommand) call.operation()));
            if (call.operation() == NativeCommand.TIME) {
                return arguments; // the key only names the node
            }
        }
        for (int i = 0; i < keys.size(); i++) {
            arguments.add(keys.get(i));
        }
        List<byte[]> more = call.arguments();
        for (int i = 0; i < more.size(); i++) {
            arguments.add(more.get(i));
        }
        return arguments;
    }

    private static Protocol.Command command(NativeCommand nativeCommand) {
        return switch (nativeCommand) {
            case HDEL -> Protocol.Command.HDEL;
            case HGETALL -> Protocol.Command.HGETALL;
            case MGET -> Protocol.Command.MGET;
            case TIME -> Protocol.Command.TIME;
            case ZMSCORE -> Protocol.Command.ZMSCORE;
        };
    }
}
