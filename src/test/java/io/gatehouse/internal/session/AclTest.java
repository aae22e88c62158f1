package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The permissions in {@code server-config/redis/users.acl} are sufficient for all session operations. */
class AclTest {

    @Test
    void theShippedAclAllowsAllSessionOperations() {
        try (TestRedis redis = TestRedis.start();
                Jedis client = new Jedis("127.0.0.1", redis.port())) {
            try (RedisConnections connections = Connections.with(
                    Map.of("REDIS_SESSION_URL", GatehouseUser.at(redis), "GATEHOUSE_REDIS_DEADLINE", "1s"))) {
                client.configResetStat();
                for (String action : List.of("deny", "evict-oldest")) {
                    liveThroughEverything(redis, connections, action);
                }
                assertThat(client.info("commandstats")).containsPattern("cmdstat_wait:calls=[1-9]");
            }
        }
    }

    private static void liveThroughEverything(TestRedis redis, RedisConnections connections, String action) {
        Node node = new Node(
                connections,
                Node.settings(
                        false,
                        Map.of(
                                "GATEHOUSE_SESSION_LIMIT",
                                "2",
                                "GATEHOUSE_SESSION_LIMIT_ACTION",
                                action,
                                "GATEHOUSE_SESSION_REPLICAS",
                                "1")));
        String token = node.stored(Session.USER_ATTRIBUTE, "alice", "large", "x".repeat(1000));
        node.set(token, "large", 1);
        String handle = node.manager.getUserSessions("alice").get(0).handle();
        assertThat(node.manager.getSession(handle)).isNotNull();
        assertThat(node.manager.touch(handle)).isTrue();
        assertThat(node.manager.countSessions()).isEqualTo(1);
        node.stored(Session.USER_ATTRIBUTE, "alice");
        node.sessions.invalidate(node.mustOpen(token));
        node.stored(Session.USER_ATTRIBUTE, "alice");
        if (action.startsWith("evict")) {
            node.stored(Session.USER_ATTRIBUTE, "alice");
        }
        assertThat(node.manager.list("", 10).sessions()).isNotEmpty();
        assertThat(node.manager.terminateUserSessions("alice", null).ended()).isEqualTo(2);
        node.stored("a", 1);
        RedisClockShift.makeIdle(redis);
        assertThat(node.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(redis.keys()).as("the revocation").singleElement().asString().endsWith(":n");
        redis.flush();
    }
}
