package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.Deadline;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.Connection;

/**
 * Cuts connections whose exchange goes on after its deadline. The socket timeout counts from one byte to the next, so a
 * server that sends a byte now and then would hold a request for ever.
 */
final class DeadlineWatchdog implements Runnable {
    private final Map<Connection, Deadline> busy = new ConcurrentHashMap<>();

    void watch(Connection connection, Deadline deadline) {
        busy.put(connection, deadline);
    }

    void release(Connection connection) {
        busy.remove(connection);
    }

    @Override
    public void run() {
        busy.forEach((connection, deadline) -> {
            if (deadline.hasPassed()) {
                try {
                    connection.forceDisconnect();
                } catch (IOException e) {
                    // closed is closed
                }
            }
        });
    }
}
