package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/** A call with the database in which it runs and the response that it completes. */
record RoutedCall(RedisCall<?> call, int database, Response<?> response) {

    /** Returns the first key. Every key of a call is in the slot of this one. */
    byte[] key() {
        return call.keys().get(0);
    }

    /**
     * Returns the command in the form that Jedis sends.
     *
     * @param byText whether to send the text of a script ({@code EVAL}) and not its hash, because the server does not have it
     */
    CommandArguments arguments(boolean byText) {
        List<byte[]> keys = call.keys();
        CommandArguments arguments;
        if (call.operation() instanceof Script script) {
            arguments = byText
                    ? new CommandArguments(Protocol.Command.EVAL).add(script.text())
                    : new CommandArguments(Protocol.Command.EVALSHA).add(script.sha1());
            arguments.add(keys.size());
        } else {
            arguments = new CommandArguments(Protocol.Command.MGET);
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
}
