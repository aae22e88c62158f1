package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts the round trips of the cache at the socket, and freezes Redis. */
class BatchRoundTripsTest {
    private static final Duration TTL = Duration.ofMinutes(5);

    private final TestRedis redis = TestRedis.start();
    private final CountingProxy proxy = new CountingProxy(redis.port());
    private final CacheNode other = new CacheNode(Map.of("REDIS_URL", redis.url()));
    private final CacheNode node = new CacheNode(Map.of("REDIS_URL", proxy.url()));
    private final Map<String, String> values = new TreeMap<>();

    @BeforeEach
    void start() {
        Eventually.holds(
                "both subscriptions are connected",
                Duration.ofSeconds(20),
                () -> node.cache.isConnected() && other.cache.isConnected());
        for (int i = 0; i < 60; i++) { // more would be several packets, which Redis answers one by one
            values.put((i % 2 == 0 ? "user:" : "") + "key-" + i, "value " + i);
        }
        other.cache.setMany(values, TTL);
        node.cache.setMany(Map.of("warm", "up the scripts"));
        node.cache.add("warm", "up the scripts", TTL);
        proxy.takeRoundTrips();
    }

    /** Messages of earlier changes may still arrive and remove copies. */
    private void awaitCopies(Collection<String> keys) {
        Eventually.holds("all are in the first level, which needs no round trip", Duration.ofSeconds(20), () -> {
            proxy.takeRoundTrips();
            return node.cache.getMany(keys).size() == keys.size() && proxy.takeRoundTrips() == 0;
        });
    }

    @AfterEach
    void stop() {
        node.close();
        other.close();
        proxy.close();
        redis.close();
    }

    @Test
    void getManyIsOneRoundTripForAllThatAreNotInTheFirstLevel() {
        List<String> keys = new ArrayList<>(values.keySet());
        assertThat(node.cache.<String>getMany(keys)).isEqualTo(values);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        awaitCopies(keys);
        keys.add("missing");
        assertThat(node.cache.<String>getMany(keys)).isEqualTo(values);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
    }

    @Test
    void theTagsOfAllEntriesAreOneMoreRoundTrip() {
        for (int i = 0; i < 5; i++) {
            other.region().put("tagged-" + i, i, List.of("t" + i, "all"));
        }
        List<String> keys = new ArrayList<>(values.keySet());
        values.keySet().forEach(key -> keys.add("tagged-" + key.replaceAll("\\D", "")));
        assertThat(node.cache.getMany(keys)).hasSize(65);
        assertThat(proxy.takeRoundTrips()).isEqualTo(2);
    }

    @Test
    void setManyPutAndAddAreOneRoundTripAndTouchAndIncrementTwo() {
        Map<String, Integer> few = new TreeMap<>();
        for (int i = 0; i < 15; i++) {
            few.put("few-" + i, i);
        }
        node.cache.setMany(few, TTL);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        node.cache.put("put", "value", TTL);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        node.cache.add("add", "value", TTL);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        node.cache.increment("count", 1, TTL);
        assertThat(proxy.takeRoundTrips()).isEqualTo(2);
        node.cache.touch("put", TTL);
        assertThat(proxy.takeRoundTrips()).isEqualTo(2);
    }

    @Test
    void readsWithoutRedisReturnTheCopiesOfThisNodeAndChangesFail() {
        List<String> keys = List.of("key-1", "key-3", "key-5");
        awaitCopies(List.of("key-3"));
        redis.freeze(true);
        assertThat(node.cache.<String>getMany(keys)).isEqualTo(Map.of("key-3", "value 3"));
        assertThatThrownBy(() -> node.cache.setMany(values, TTL)).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> node.cache.add("new", 1, TTL)).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> node.cache.touch("key-3", TTL)).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> node.cache.increment("new", 1)).isInstanceOf(RedisUnavailableException.class);
        assertThat(node.cache.ttl("key-5")).isEmpty();
        assertThat(node.cache.<String>getMany(keys)).as("after a failed change").isEmpty();
        assertThat(node.cache.<String>getOrSet("key-3", () -> "loaded", LoadOptions.defaults()))
                .isEqualTo("loaded");
    }
}
