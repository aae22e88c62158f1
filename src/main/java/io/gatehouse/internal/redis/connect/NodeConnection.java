package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.RedisLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A pooled connection to one node that can verify whether replies belong to its commands: each exchange ends with a {@code
 * PING} whose text is unique on the connection, and no bytes may follow the reply to it. Not thread-safe.
 */
final class NodeConnection extends Connection {
    private final int generation;
    private final LoginSource loginSource;
    private RedisLogin login;
    private long exchanges;
    private boolean proven;

    /** Has no initializer: the constructor of Jedis reads the first replies, which happens before initializers run. */
    @SuppressWarnings("NullAway.Init")
    private @Nullable RedisInputStream input;

    /** The maximum sizes of the next replies by position; null before the first exchange. */
    @SuppressWarnings("NullAway.Init")
    private @Nullable Map<Integer, Long> limits;

    private int replies;

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

    /** Returns the unique text for the end of the next exchange. */
    byte[] nextMark() {
        exchanges++;
        return ("g" + exchanges).getBytes(StandardCharsets.US_ASCII);
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
     * Limits the replies that are read next, by their positions.
     *
     * @param before the number of replies that are read before position 0
     */
    void limitReplies(Map<Integer, Long> mostBytes, int before) {
        limits = mostBytes;
        replies = -before;
    }

    @Override
    protected Object protocolRead(RedisInputStream stream, PushConsumerChain consumers) {
        input = stream;
        Map<Integer, Long> now = limits;
        Long most = now == null || now.isEmpty() ? null : now.get(replies);
        replies++;
        return most != null && stream.peek((byte) '*')
                ? BoundedReply.read(stream, most)
                : super.protocolRead(stream, consumers);
    }
}
