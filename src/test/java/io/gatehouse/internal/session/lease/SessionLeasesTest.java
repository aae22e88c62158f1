package io.gatehouse.internal.session.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The leases of a node that stops, and the functions of the scripts. */
@RedisTest
class SessionLeasesTest {
    private static final String TAKE = SessionLeases.FUNCTIONS + "return take(KEYS[1], ARGV[1], ARGV[2]) and 1 or 0";

    private final TestRedis redis = TestRedis.shared();

    /** Writers do not wait for a node that has stopped. */
    @Test
    void aRequestThatOverlapsWithTheStopTakesNoLease() {
        AtomicReference<Runnable> whileRequesting = new AtomicReference<>(() -> {});
        try (RedisConnections connections = Connections.to(redis.url());
                SessionLeases leases = new SessionLeases(
                        connections,
                        "leases:",
                        "node",
                        true,
                        () -> {
                            whileRequesting.getAndSet(() -> {}).run();
                            return System.nanoTime();
                        },
                        InstantSource.system())) {
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(leases.request("session", null)).isNotNull());
            whileRequesting.set(leases::close);
            assertThat(leases.request("session", null)).isNull();
        }
    }

    @Test
    void aRequestThatArrivesLateDoesNotReplaceALaterOne() {
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            for (String number : List.of("9", "10", "9")) {
                assertThat(client.eval(TAKE, List.of("leases"), List.of("node", number)))
                        .isEqualTo(1L);
            }
            assertThat(client.hget("leases", "node")).isEqualTo("10");
            assertThat(client.pttl("leases")).isBetween(1L, 60_000L);
        }
    }
}
