package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestRedis;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** The memory that sessions take in Redis. */
class MemoryTest {
    /** Enough sessions that Redis no longer keeps the indexes in the compact encoding of small sets. */
    private static final int SESSIONS = 10_000;

    private static final long MOST_BYTES = 2_000;

    @Test
    void aSessionOfTenAttributesWithItsIndexEntriesTakesAtMostTwoThousandBytes() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url());
                RedisClient client = redis.client()) {
            Node node = new Node(connections);
            for (int i = 0; i < SESSIONS; i++) {
                store(node, String.format("user-%05d", i));
            }
            Set<String> keys = redis.keys();
            long bytes =
                    keys.stream().mapToLong(key -> client.memoryUsage(key, 0)).sum();
            assertThat(keys).filteredOn(key -> key.contains(":s:")).hasSize(SESSIONS);
            assertThat(keys).filteredOn(key -> key.endsWith(":u")).hasSize(SESSIONS);
            assertThat(bytes / SESSIONS).isLessThanOrEqualTo(MOST_BYTES);
        }
    }

    private static void store(Node node, String user) {
        Session session = node.create();
        for (int i = 0; i < 10; i++) {
            session.setAttribute("attribute" + i, "x".repeat(60));
        }
        session.setAttribute(Session.USER_ATTRIBUTE, user);
        node.sessions.save(session);
        node.sessions.release(session);
    }
}
