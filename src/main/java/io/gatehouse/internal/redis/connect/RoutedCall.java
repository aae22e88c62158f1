package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/** One call on its way: its form in Jedis, the database where it runs, and where its reply goes. */
record RoutedCall(RedisCall<?> call, int database, Response<?> reply) {

    /** All keys lie in the slot of this one. */
    byte[] key() {
        return call.keys().get(0);
    }

    /** @param byText whether a script goes as a whole, for a server that has forgotten it, and not by its hash */
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
