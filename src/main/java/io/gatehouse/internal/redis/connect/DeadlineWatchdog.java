package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.Deadline;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.Connection;

/**
 * Closes connections whose exchange continues after its deadline. A socket timeout limits the time between two bytes only, so
 * a server that sends one byte now and then could block a request forever. Thread-safe.
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
                    // the socket is closed in any case
                }
            }
        });
    }
}
