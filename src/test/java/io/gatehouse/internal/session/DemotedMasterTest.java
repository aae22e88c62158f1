package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestRedis;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Plain reads of sessions from a server that is no longer the master: it may not know yet that a session has ended. */
@Timeout(60)
class DemotedMasterTest {
    @Test
    void aFormerMasterAcceptsNoSession() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = probedRarely(redis);
                Jedis admin = new Jedis("127.0.0.1", redis.port())) {
            Node node = new Node(connections);
            String token = warm(node);
            admin.replicaof("127.0.0.1", 1); // a master that is not reachable
            expectReadOnly(node, token);
        }
    }

    @Test
    void aMasterWithoutTheRequiredReplicasAcceptsNoSession() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = probedRarely(redis);
                Jedis admin = new Jedis("127.0.0.1", redis.port())) {
            Node node = new Node(connections);
            String token = warm(node);
            admin.configSet("min-replicas-to-write", "1");
            expectReadOnly(node, token);
            admin.configSet("min-replicas-to-write", "0");
            assertThat(node.get(token, "a")).isEqualTo(1);
        }
    }

    private static RedisConnections probedRarely(TestRedis redis) {
        return Connections.with(Map.of("REDIS_SESSION_URL", redis.url(), "REDIS_HEALTH_CHECK_INTERVAL", "3600"));
    }

    /** Returns the token of a session that the node reads plainly from now on. */
    private static String warm(Node node) {
        String token = node.stored("a", 1);
        assertThat(node.get(token, "a")).isEqualTo(1);
        return token;
    }

    private static void expectReadOnly(Node node, String token) {
        assertThatThrownBy(() -> node.open(token))
                .isInstanceOfSatisfying(
                        RedisUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.READ_ONLY));
    }
}
