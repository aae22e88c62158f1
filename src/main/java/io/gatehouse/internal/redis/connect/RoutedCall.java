package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.ExceptionTranslator;
import io.gatehouse.internal.redis.Operation.NativeCommand;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
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
    public boolean returnsMark() {
        return call.operation() instanceof Script script && script.returnsMark();
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
    public void sendTo(NodeConnection over) {
        send(over, false);
    }

    @Override
    public void sendTextTo(NodeConnection over) {
        send(over, true);
    }

    private void send(NodeConnection over, boolean byText) {
        if (call.operation() instanceof Script script) {
            over.sendCommand(over.command().of(script, byText, call.keys(), over.withMark(call.arguments())));
        } else if (call.operation() == NativeCommand.TIME) {
            over.sendCommand(Protocol.Command.TIME); // the key only names the node
        } else {
            over.sendCommand(
                    over.command().of(command((NativeCommand) call.operation()), call.keys(), call.arguments()));
        }
    }

    private static Protocol.Command command(NativeCommand nativeCommand) {
        return switch (nativeCommand) {
            case HDEL -> Protocol.Command.HDEL;
            case HGETALL -> Protocol.Command.HGETALL;
            case MGET -> Protocol.Command.MGET;
            case PUBLISH -> Protocol.Command.PUBLISH;
            case TIME -> Protocol.Command.TIME;
            case ZMSCORE -> Protocol.Command.ZMSCORE;
        };
    }
}
