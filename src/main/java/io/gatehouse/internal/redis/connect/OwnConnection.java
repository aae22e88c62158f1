package io.gatehouse.internal.redis.connect;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;

/** A connection outside of the pools that the application holds until it closes it. Not thread-safe. */
final class OwnConnection extends Connection {
    private @Nullable Runnable onClose;

    OwnConnection(JedisSocketFactory sockets, JedisClientConfig config) {
        super(sockets, config);
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
