package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.RedisLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A pooled connection to one node that can verify whether replies belong to its commands: each exchange has a mark, a text that is unique
 * on the connection. It ends with a {@code PING} with the mark, or with a script that returns it. No bytes may follow that reply. Not
 * thread-safe.
 */
final class NodeConnection extends Connection {
    private final int generation;
    private final LoginSource loginSource;
    private RedisLogin login;
    private long exchanges;
    private byte[] mark = {};
    private boolean markIsNextArgument;
    private boolean proven;

    /** Has no initializer: the constructor of Jedis reads the first replies, which happens before initializers run. */
    @SuppressWarnings("NullAway.Init")
    private @Nullable RedisInputStream input;

    /** The maximum size of the next reply, 0 for none. */
    private long mostBytes;

    private final ReusedCommand command = new ReusedCommand();

    /** @param generation the value of {@link RedisNode#generation} before the connect started */
    NodeConnection(
            JedisSocketFactory sockets,
            JedisClientConfig config,
            RedisLogin login,
            LoginSource loginSource,
            int generation) {
        super(sockets, ConnectionConfig.with(login, config));
        this.login = login;
        this.loginSource = loginSource;
        this.generation = generation;
    }

    /** Returns whether the server still accepts the login of this connection. */
    boolean isLoginUsable() {
        return loginSource.isUsable(login);
    }

    /** Returns the login with which the connection must be authenticated again before its next exchange, or null if it need not. */
    @Nullable
    RedisLogin nextLogin() {
        RedisLogin current = loginSource.current();
        return current == login ? null : current;
    }

    /** Records the reply to {@code AUTH}. After an error the connection is still authenticated as before. */
    void authenticated(RedisLogin with, Object reply) {
        if (reply instanceof JedisException) {
            loginSource.refused(with);
        } else {
            login = with;
            loginSource.accepted(with);
        }
    }

    int generation() {
        return generation;
    }

    /** Returns an object for the next command, which must be sent before another command uses it. */
    ReusedCommand command() {
        return command;
    }

    /** Begins an exchange, with a mark of its own. */
    void beginExchange() {
        exchanges++;
        mark = ("g" + exchanges).getBytes(StandardCharsets.US_ASCII);
        markIsNextArgument = false;
    }

    /** Adds the mark to the arguments of the next script. */
    void attachMark() {
        markIsNextArgument = true;
    }

    /** Returns the arguments of a script, with the mark if it was attached. */
    List<byte[]> withMark(List<byte[]> arguments) {
        if (!markIsNextArgument) {
            return arguments;
        }
        markIsNextArgument = false;
        List<byte[]> more = new ArrayList<>(arguments);
        more.add(mark);
        return more;
    }

    /** Sends the mark. */
    void sendMark() {
        sendCommand(command.of(Protocol.Command.PING, List.of(), List.of(mark)));
    }

    /**
     * Removes the last item of a reply, which should be the mark, and returns it; null if there is none. An error has no items: the mark is
     * then sent on its own, so that an error does not cost the connection.
     */
    @Nullable
    Object takeMark(Object[] replies, int last) {
        if (replies[last] instanceof JedisDataException) {
            sendMark();
            flush();
            return readReply(0);
        }
        if (!(replies[last] instanceof List<?> items) || items.isEmpty()) {
            return null;
        }
        replies[last] = items.subList(0, items.size() - 1);
        return items.get(items.size() - 1);
    }

    /** Returns whether a reply is the mark of the exchange. */
    boolean isMark(@Nullable Object reply) {
        return reply instanceof byte[] text && Arrays.equals(text, mark);
    }

    /** Sends what has not been sent yet. */
    void flushExchange() {
        flush();
    }

    /** Records the success of an exchange. */
    void prove() {
        proven = true;
    }

    /** Returns whether an exchange succeeded before. If such a connection breaks, that is no evidence against the node. */
    boolean isProven() {
        return proven;
    }

    /** Returns whether bytes arrived that no command asked for. */
    boolean hasSurplus() {
        RedisInputStream stream = input;
        try {
            return stream != null && stream.available() > 0;
        } catch (IOException e) {
            return true; // a closed connection is just as unusable
        }
    }

    /**
     * Reads the next reply; an error reply as an exception.
     *
     * @param most the maximum size of a list, 0 for none
     */
    @Nullable
    Object readReply(long most) {
        mostBytes = most;
        try {
            return readProtocolWithCheckingBroken();
        } catch (JedisDataException e) {
            return e;
        } finally {
            mostBytes = 0;
        }
    }

    @Override
    protected Object protocolRead(RedisInputStream stream, PushConsumerChain consumers) {
        input = stream;
        return mostBytes > 0 && stream.peek((byte) '*')
                ? BoundedReply.read(stream, mostBytes)
                : super.protocolRead(stream, consumers);
    }
}
