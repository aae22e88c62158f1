package io.gatehouse.redis;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.JedisClusterCRC16;

/** One call in Jedis' form: by the hash of its script, or with the whole text for a server that has forgotten it. */
record Command(Call<?> call, int database, int slot) {

    static Command of(Call<?> call, int database) {
        return new Command(call, database, JedisClusterCRC16.getSlot(call.keys().get(0)));
    }

    CommandArguments bySha() {
        return arguments(Protocol.Command.EVALSHA, call.script().sha1());
    }

    CommandArguments byText() {
        return arguments(Protocol.Command.EVAL, call.script().text());
    }

    private CommandArguments arguments(Protocol.Command command, String script) {
        CommandArguments arguments = new CommandArguments(command);
        arguments.add(script).add(call.keys().size());
        call.keys().forEach(arguments::add);
        call.arguments().forEach(arguments::add);
        return arguments;
    }
}
