package io.gatehouse.internal.redis.client;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.ApplicationCommands;
import io.gatehouse.internal.redis.connect.ApplicationCommands.Command;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/**
 * A transaction without {@code WATCH}: it keeps its commands until {@link #exec} and sends {@code MULTI}, the commands and
 * {@code EXEC} in one exchange with the node of the first key. It holds no connection. Not thread-safe.
 */
final class ApplicationTransaction extends AbstractTransaction {
    private static final int MAX_REDIRECTIONS = 3;
    private static final Command MULTI = new Command(new CommandArguments(Protocol.Command.MULTI), null, false);
    private static final Command EXEC = new Command(new CommandArguments(Protocol.Command.EXEC), null, false);

    private final ApplicationCommands applicationCommands;
    private final List<Command> commands = new ArrayList<>();
    private final List<Response<?>> responses = new ArrayList<>();
    private boolean ended;

    ApplicationTransaction(ApplicationCommands applicationCommands, CommandObjects commandObjects) {
        super(commandObjects);
        this.applicationCommands = applicationCommands;
    }

    @Override
    public void multi() {
        throw new IllegalStateException("the transaction has begun already");
    }

    @Override
    public String watch(String... keys) {
        throw watchAfterMulti();
    }

    @Override
    public String watch(byte[]... keys) {
        throw watchAfterMulti();
    }

    private static IllegalStateException watchAfterMulti() {
        return new IllegalStateException(
                "WATCH must precede MULTI; start with transaction(false), then watch, read, multi, exec");
    }

    @Override
    public String unwatch() {
        return "OK"; // nothing is watched
    }

    @Override
    protected <T> Response<T> appendCommand(CommandObject<T> commandObject) {
        requireOpen();
        Response<T> response = new Response<>(commandObject.getBuilder());
        commands.add(CommandRules.command(commandObject.getArguments()));
        responses.add(response);
        return response;
    }

    /**
     * Runs the commands and returns their results, with an exception in the place of each command that failed.
     *
     * @throws JedisException if none of the commands ran, or if there is no reply; then they may have run
     */
    @Override
    public List<Object> exec() {
        requireOpen();
        ended = true;
        if (commands.isEmpty()) {
            return List.of();
        }
        try {
            return results(send());
        } catch (RedisUnavailableException e) {
            throw JedisExceptions.of(e);
        }
    }

    private Object[] send() {
        List<Command> all = new ArrayList<>(commands.size() + 2);
        all.add(MULTI);
        all.addAll(commands);
        all.add(EXEC);
        HostAndPort node = applicationCommands.nodeFor(firstKey());
        Object[] replies = applicationCommands.executeOn(node, all);
        for (int i = 0; i < MAX_REDIRECTIONS; i++) {
            JedisMovedDataException moved = moved(replies);
            if (moved == null) {
                break;
            }
            applicationCommands.moved(moved);
            replies = applicationCommands.executeOn(moved.getTargetNode(), all); // EXEC ran nothing
        }
        return replies;
    }

    private byte @Nullable [] firstKey() {
        for (Command command : commands) {
            if (command.key() != null) {
                return command.key();
            }
        }
        return null;
    }

    private static @Nullable JedisMovedDataException moved(Object[] replies) {
        for (Object reply : replies) {
            if (reply instanceof JedisMovedDataException moved) {
                return moved;
            }
        }
        return null;
    }

    private List<Object> results(Object[] replies) {
        if (!(replies[replies.length - 1] instanceof List<?> executed)) {
            JedisException failure = firstError(replies);
            throw failure != null ? failure : new JedisDataException("EXEC ran none of the commands");
        }
        List<Object> results = new ArrayList<>(executed.size());
        for (int i = 0; i < executed.size(); i++) {
            responses.get(i).set(executed.get(i));
            try {
                results.add(responses.get(i).get());
            } catch (JedisDataException e) {
                results.add(e);
            }
        }
        return results;
    }

    /** Returns the error of the first command that Redis did not queue, which explains more than the one of {@code EXEC}. */
    private static @Nullable JedisException firstError(Object[] replies) {
        for (Object reply : replies) {
            if (reply instanceof JedisException error) {
                return error;
            }
        }
        return null;
    }

    @Override
    public String discard() {
        requireOpen();
        ended = true;
        return "OK";
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the transaction has ended; start another");
        }
    }

    /** Discards the transaction if it was not executed. */
    @Override
    public void close() {
        ended = true;
    }
}
