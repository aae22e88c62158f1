package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Tests the cleanup of one user's sessions. */
@RedisTest
class UserCleanupTest {
    private static TestRedis redis;
    private static RedisConnections connections;
    private Node node;
    private RedisSessionManager manager;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        connections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        connections.close();
    }

    @BeforeEach
    void startNodes() {
        node = new Node(connections);
        manager = new Node(connections).manager;
    }

    private String stored(String user) {
        return node.stored(Session.USER_ATTRIBUTE, user);
    }

    private static String userIndex(RedisClient client) {
        return redis.keys().stream()
                .filter(key -> key.endsWith("}:u") && client.zcard(key) > 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void endsTheExpiredSessionsOfTheUserAndNoOthers() {
        stored("alice");
        stored("bob");
        RedisClockShift.makeIdle(redis);
        stored("alice");
        assertThat(manager.previewUserCleanup("alice")).isEqualTo(new UserCleanup(0, 1, 1));
        assertThat(redis.keys()).filteredOn(key -> key.contains(":s:")).hasSize(3);
        assertThat(manager.cleanUpUser("alice")).isEqualTo(new UserCleanup(1, 0, 1));
        assertThat(redis.keys()).filteredOn(key -> key.contains(":s:")).hasSize(2);
        assertThat(manager.cleanUpUser("alice")).isEqualTo(new UserCleanup(0, 0, 1));
        assertThat(manager.cleanUpUser("bob")).isEqualTo(new UserCleanup(1, 0, 0));
        assertThat(manager.cleanUpUser("carol")).isEqualTo(new UserCleanup(0, 0, 0));
    }

    @Test
    void removesEntriesWhoseSessionsDoNotExistAndKeepsReservedPlaces() {
        stored("alice");
        try (RedisClient client = redis.client()) {
            redis.keys().stream().filter(key -> key.contains(":s:")).forEach(client::del);
            stored("alice");
            String index = userIndex(client);
            assertThat(client.zcard(index)).isEqualTo(2);
            String reserved = "n1.AAAAAAAAAAAAAAAAAAAAAA";
            client.zadd(index, System.currentTimeMillis() + 30_000.0, reserved);
            client.zadd(index, System.currentTimeMillis() - 1000.0, "n1.BBBBBBBBBBBBBBBBBBBBBB");
            client.zadd(index, System.currentTimeMillis() + 86_400_000.0, "unknown key");

            assertThat(manager.previewUserCleanup("alice")).isEqualTo(new UserCleanup(0, 4, 1));
            assertThat(client.zcard(index)).isEqualTo(5);
            assertThat(manager.cleanUpUser("alice")).isEqualTo(new UserCleanup(0, 3, 1));
            assertThat(client.zrange(index, 0, -1)).hasSize(2).contains(reserved);
            assertThat(manager.getUserSessions("alice")).hasSize(1);
        }
    }

    @Test
    void leavesASessionForANodeIfThisProcessDoesNotNotifyListeners() {
        stored("alice");
        RedisClockShift.makeIdle(redis);
        RedisSessionManager command = new Node(connections, Node.settings(false), SessionObserver.ELSEWHERE).manager;
        assertThat(command.cleanUpUser("alice")).isEqualTo(new UserCleanup(1, 0, 0));
        assertThat(command.cleanUpUser("alice"))
                .as("a session that waits for a node is not ended again, and its entry is kept")
                .isEqualTo(new UserCleanup(0, 0, 0));
        assertThat(manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(redis.keys()).noneMatch(key -> key.contains(":s:"));
    }
}
