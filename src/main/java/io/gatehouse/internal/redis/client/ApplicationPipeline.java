package io.gatehouse.internal.redis.client;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.ApplicationCommands;
import io.gatehouse.internal.redis.connect.ApplicationCommands.Command;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A pipeline that keeps its commands until {@link #sync} or {@link #close} and then sends them in exchanges of at most {@value
 * #COMMANDS_PER_EXCHANGE}, each with a deadline of its own. Not thread-safe.
 */
final class ApplicationPipeline extends AbstractPipeline {
    private static final int COMMANDS_PER_EXCHANGE = 1000;

    private final ApplicationCommands applicationCommands;
    private List<Command> commands = new ArrayList<>();
    private List<Response<?>> responses = new ArrayList<>();

    ApplicationPipeline(ApplicationCommands applicationCommands, CommandObjects commandObjects) {
        super(commandObjects);
        this.applicationCommands = applicationCommands;
    }

    @Override
    protected <T> Response<T> appendCommand(CommandObject<T> commandObject) {
        Command command = CommandRules.command(commandObject.getArguments());
        if (BlockingTime.of(command.arguments()).isPresent()) {
            throw new UnsupportedOperationException(CommandRules.name(command.arguments())
                    + " blocks, and all commands of a pipeline have one deadline; call it on the client");
        }
        Response<T> response = new Response<>(commandObject.getBuilder());
        commands.add(command);
        responses.add(response);
        return response;
    }

    /**
     * Sends the commands and completes their responses. A response whose command Redis refused throws when it is read.
     *
     * @throws JedisException if a command has no reply; it may have run
     */
    @Override
    public void sync() {
        List<Command> unsent = commands;
        List<Response<?>> open = responses;
        commands = new ArrayList<>();
        responses = new ArrayList<>();
        for (int from = 0; from < unsent.size(); from += COMMANDS_PER_EXCHANGE) {
            int to = Math.min(unsent.size(), from + COMMANDS_PER_EXCHANGE);
            complete(open.subList(from, to), send(unsent.subList(from, to)));
        }
    }

    private Object[] send(List<Command> part) {
        try {
            return applicationCommands.execute(part);
        } catch (RedisUnavailableException e) {
            throw JedisExceptions.of(e);
        }
    }

    private static void complete(List<Response<?>> open, Object[] replies) {
        RedisUnavailableException failure = null;
        for (int i = 0; i < replies.length; i++) {
            if (replies[i] instanceof RedisUnavailableException without) {
                failure = without;
            } else {
                open.get(i).set(replies[i]);
            }
        }
        if (failure != null) {
            throw JedisExceptions.of(failure);
        }
    }

    @Override
    public void close() {
        sync();
    }
}
