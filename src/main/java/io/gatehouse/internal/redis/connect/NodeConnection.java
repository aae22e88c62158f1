package io.gatehouse.internal.redis.connect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A pooled connection to one node that can show whether its replies belong to its commands: each exchange ends with a
 * {@code PING} whose text no other exchange of the connection has, and nothing may follow the reply to it. Belongs to one
 * thread at a time.
 */
final class NodeConnection extends Connection {
    private final int generation;
    private long exchanges;
    private boolean proven;

    /** Has no initializer: the constructor of Jedis reads the first replies, before initializers would run. */
    @SuppressWarnings("NullAway.Init")
    private @Nullable RedisInputStream input;

    /** @param generation what {@link RedisNode#generation} was before it began to connect */
    NodeConnection(JedisSocketFactory sockets, JedisClientConfig config, int generation) {
        super(sockets, config);
        this.generation = generation;
    }

    int generation() {
        return generation;
    }

    /** The text for the end of the next exchange. */
    byte[] nextMark() {
        exchanges++;
        return ("g" + exchanges).getBytes(StandardCharsets.US_ASCII);
    }

    /** Notes that an exchange went well. */
    void prove() {
        proven = true;
    }

    /** Whether an exchange went well before; a failure then says nothing of the node. */
    boolean isProven() {
        return proven;
    }

    /** Whether bytes are here that no command asked for. */
    boolean hasSurplus() {
        RedisInputStream replies = input;
        try {
            return replies != null && replies.available() > 0;
        } catch (IOException e) {
            return true; // it is closed, so it is as unusable
        }
    }

    @Override
    protected Object protocolRead(RedisInputStream replies, PushConsumerChain consumers) {
        input = replies;
        return super.protocolRead(replies, consumers);
    }
}
