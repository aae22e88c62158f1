package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.RedisLogin;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;

/** A connection outside of the pools, which its owner holds until it closes it. Not thread-safe. */
final class OwnConnection extends Connection {
    private final RedisLogin login;
    private @Nullable Runnable onClose;

    OwnConnection(JedisSocketFactory sockets, JedisClientConfig config, RedisLogin login) {
        super(sockets, ConnectionConfig.with(login, config));
        this.login = login;
    }

    /** Returns the login that the connection used. */
    RedisLogin login() {
        return login;
    }

    /** Sets what the first {@link #close} runs. */
    void onClose(Runnable action) {
        onClose = action;
    }

    @Override
    public void close() {
        Runnable action = onClose;
        onClose = null;
        try {
            super.close();
        } finally {
            if (action != null) {
                action.run();
            }
        }
    }
}
