package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.CountingProxy.Fault;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A reply that was damaged in transit logs no user out: the session is read again, or the request fails. */
class DamagedReplyTest {
    private static final int ROUNDS = 300;
    private static final Duration SOON = Duration.ofSeconds(10);

    private static boolean reads(Node node, String token) {
        try {
            return "alice".equals(node.get(token, "name"));
        } catch (RedisUnavailableException e) {
            return false; // many damaged replies have opened the circuit breaker; the next probe closes it
        }
    }

    @Test
    void aFlippedBitInAReplyLogsNoUserOut() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", proxy.url(), "GATEHOUSE_REDIS_DEADLINE", "300ms"))) {
            Node node = new Node(connections);
            String token = node.stored("name", "alice", "large", "x".repeat(2000));
            int answered = 0;
            for (int round = 0; round < ROUNDS; round++) {
                proxy.fault(Fault.FLIPPED);
                try {
                    assertThat(node.get(token, "name")).as("round %d", round).isEqualTo("alice");
                    answered++;
                } catch (RedisUnavailableException e) {
                    // the damaged reply was malformed
                } finally {
                    proxy.fault(Fault.NONE);
                }
                Eventually.holds("the circuit breaker is closed", SOON, () -> reads(node, token));
            }
            assertThat(answered)
                    .as("the form of a reply shows most, but not all damage")
                    .isGreaterThan(ROUNDS / 4);
            assertThat(node.get(token, "large")).isEqualTo("x".repeat(2000));
        }
    }
}
