package io.gatehouse.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Several calls in one round trip. */
@RedisTest(lasting = ".*")
class FlightTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final EnumSet<Purpose> ALL = EnumSet.allOf(Purpose.class);

    @Test
    void manyCallsAreOneRoundTrip() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = Connections.to(proxy.url())) {
            redis.send(Calls.count("warm-up"));
            redis.send(Calls.get("warm-up"));
            proxy.takeRoundTrips();
            Flight flight = new Flight();
            List<Reply<Long>> replies = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                replies.add(flight.add(Calls.count("k")));
            }
            redis.send(flight);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(replies.get(99).value()).isEqualTo(100);
        }
    }

    @Test
    void purposesInDifferentDatabasesOfOneServerTravelTogether() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                RedisConnections redis = Connections.with(urls(proxy.port(), proxy.port()), ALL)) {
            ALL.forEach(purpose -> redis.send(Calls.count(purpose, "warm-up")));
            proxy.takeRoundTrips();
            Flight flight = new Flight();
            List<Reply<Long>> replies = new ArrayList<>();
            for (Purpose purpose : List.of(Purpose.RATE_LIMIT, Purpose.SESSIONS, Purpose.CACHE, Purpose.SESSIONS)) {
                replies.add(flight.add(Calls.count(purpose, "k")));
            }
            redis.send(flight);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(replies.stream().map(Reply::value)).containsExactly(1L, 1L, 1L, 2L);
        }
        assertThat(count(1)).isEqualTo("1");
        assertThat(count(2)).isEqualTo("2");
        assertThat(count(3)).isEqualTo("1");
        assertThat(count(4)).isNull();
    }

    @Test
    void purposesOnDifferentServersTravelSideBySide() {
        try (TestRedis other = TestRedis.start();
                RedisConnections redis = Connections.with(urls(REDIS.port(), other.port()), ALL)) {
            Flight flight = new Flight();
            Reply<Long> here = flight.add(Calls.count(Purpose.SESSIONS, "k"));
            Reply<Long> there = flight.add(Calls.count(Purpose.CACHE, "k"));
            redis.send(flight);
            assertThat(List.of(here.value(), there.value())).containsExactly(1L, 1L);
        }
    }

    @Test
    void aServerThatIsAwayFailsItsOwnCallsOnly() {
        try (RedisConnections redis = Connections.with(urls(REDIS.port(), 1), ALL)) {
            Flight flight = new Flight();
            Reply<Long> here = flight.add(Calls.count(Purpose.SESSIONS, "k"));
            Reply<Long> there = flight.add(Calls.count(Purpose.CACHE, "k"));
            redis.send(flight);
            assertThat(here.value()).isEqualTo(1);
            assertThatThrownBy(there::value).isInstanceOf(RedisUnavailable.class);
        }
    }

    @Test
    void aCallThatIsRejectedFailsAlone() {
        try (RedisConnections redis = Connections.to(REDIS.url());
                RedisClient client = REDIS.client()) {
            client.lpush("list", "x");
            Flight flight = new Flight();
            Reply<Long> wrong = flight.add(Calls.count("list"));
            Reply<Long> right = flight.add(Calls.count("k"));
            redis.send(flight);
            assertThatThrownBy(wrong::value).isInstanceOf(RedisRejected.class).hasMessageContaining("WRONGTYPE");
            assertThat(right.value()).isEqualTo(1);
        }
    }

    @Test
    void aForgottenScriptIsSentAgainAsAWhole() {
        try (RedisConnections redis = Connections.to(REDIS.url());
                RedisClient client = REDIS.client()) {
            assertThat(redis.send(Calls.count("k"))).isEqualTo(1);
            client.scriptFlush();
            Flight flight = new Flight();
            Reply<Long> one = flight.add(Calls.count("k"));
            Reply<Long> two = flight.add(Calls.count("k"));
            redis.send(flight);
            assertThat(List.of(one.value(), two.value())).containsExactly(2L, 3L);
        }
    }

    @Test
    void aReplyHasNoValueBeforeTheFlightWasSent() {
        assertThatThrownBy(() -> new Flight().add(Calls.count("k")).value()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEmptyFlightGoesNowhere() {
        try (RedisConnections redis = Connections.to("redis://127.0.0.1:1/0")) {
            redis.send(new Flight());
        }
    }

    @Test
    void followsSlotsThatMoveToAnotherNode() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections redis = Connections.with(cluster.settings())) {
            int slot = JedisClusterCRC16.getSlot("k");
            int owner = slot * 3 / 16384;
            assertThat(redis.send(Calls.count("k"))).isEqualTo(1);
            cluster.moveHalfway(slot, owner, (owner + 1) % 3);
            assertThat(redis.send(Calls.count("k"))).as("ASK").isEqualTo(2);
            cluster.move(slot, owner, (owner + 1) % 3);
            assertThat(redis.send(Calls.count("k"))).as("MOVED").isEqualTo(3);
            Flight flight = new Flight();
            List<Reply<Long>> replies = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                replies.add(flight.add(Calls.count("key" + i)));
            }
            redis.send(flight);
            assertThat(replies).allMatch(reply -> reply.value() == 1);
        }
    }

    private static Map<String, String> urls(int sessionsAndLimits, int caches) {
        return Map.of(
                "REDIS_SESSION_URL", "redis://127.0.0.1:" + sessionsAndLimits + "/2",
                "REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:" + sessionsAndLimits + "/3",
                "REDIS_URL", "redis://127.0.0.1:" + caches + "/1",
                "REDIS_CACHE_WARMING_URL", "redis://127.0.0.1:" + caches + "/4");
    }

    private static String count(int database) {
        try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + REDIS.port() + "/" + database)) {
            return client.get("k");
        }
    }
}
