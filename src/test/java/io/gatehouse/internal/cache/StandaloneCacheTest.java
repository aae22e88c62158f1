package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** A cache on two nodes while their Redis is stopped, paused, full or written to by an attacker. */
class StandaloneCacheTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final LoadOptions WAIT = LoadOptions.defaults().waitAtMost(LONG);

    private TestRedis redis;
    private CacheNode one;
    private CacheNode two;

    @BeforeEach
    void start() {
        redis = TestRedis.start();
        one = node();
        two = node();
        Eventually.holds(
                "both subscriptions are connected", LONG, () -> one.cache.isConnected() && two.cache.isConnected());
    }

    private CacheNode node() {
        return new CacheNode(Map.of("REDIS_URL", redis.url()));
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private void deleteKeys(String keyEnd) {
        try (RedisClient client = redis.client()) {
            redis.keys().stream().filter(key -> key.endsWith(keyEnd)).forEach(client::del);
        }
    }

    @Test
    void aForgedMovedOrCorruptedValueIsACountedMiss() {
        one.cache.put("a", "alice");
        one.cache.put("b", "bob");
        try (RedisClient client = redis.client()) {
            String a = redis.keys().stream()
                    .filter(key -> key.endsWith(":a"))
                    .findFirst()
                    .orElseThrow();
            String b = redis.keys().stream()
                    .filter(key -> key.endsWith(":b"))
                    .findFirst()
                    .orElseThrow();
            client.set(a.getBytes(StandardCharsets.UTF_8), client.get(b.getBytes(StandardCharsets.UTF_8)));
            client.set(b, "garbage that is long enough to be an entry");
        }
        assertThat(two.<String>get("a")).isNull();
        assertThat(two.<String>get("b")).isNull();
        assertThat(two.region().statistics().unreadable()).isEqualTo(2);
        assertThat(two.region().<String>getOrSet("a", () -> "reloaded", WAIT)).isEqualTo("reloaded");
        assertThat(two.<String>get("a")).isEqualTo("reloaded");
    }

    @Test
    void withoutRedisReadsUseTheLoaderOrAStaleValueAndWritesFail() {
        one.region().<String>getOrSet("known", () -> "old", WAIT);
        redis.process().close();
        assertThat(one.region().<String>getOrSet("unknown", () -> "loaded", WAIT))
                .isEqualTo("loaded");
        assertThat(one.region()
                        .<String>getOrSet(
                                "known",
                                () -> {
                                    throw new IllegalStateException("down too");
                                },
                                WAIT))
                .isEqualTo("old");
        assertThatThrownBy(() -> one.cache.put("known", "new")).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> one.cache.remove("known")).isInstanceOf(RedisUnavailableException.class);
    }

    @Test
    void aPausedRedisDelaysCallersNoLongerThanTheirTimeout() {
        redis.freeze(true);
        long start = System.nanoTime();
        assertThatThrownBy(() -> one.region()
                        .getOrSet("a", () -> "value", LoadOptions.defaults().waitAtMost(Duration.ofMillis(100))))
                .isInstanceOf(CacheLoadFailedException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(550));
        assertThat(one.region().<String>getOrSet("b", () -> "value", WAIT)).isEqualTo("value");
    }

    @Test
    void withAFullRedisLoadersStillRunAndRemovalsStillWork() {
        one.cache.put("a", "old");
        assertThat(two.<String>get("a")).isEqualTo("old");
        try (RedisClient client = redis.client()) {
            client.configSet("maxmemory", "1");
        }
        assertThat(one.region().<String>getOrSet("b", () -> "loaded", WAIT)).isEqualTo("loaded");
        one.cache.remove("a");
        Eventually.holds("the other node has dropped the entry", LONG, () -> two.get("a") == null);
    }

    @Test
    void aLostMessageIsDetectedAndTheFirstLevelIsNotTrusted() {
        two.cache.put("a", "old");
        Eventually.holds("the value stays, because the message of the put has arrived before", LONG, () -> {
            assertThat(one.<String>get("a")).isEqualTo("old");
            return one.region().statistics().firstLevelHits() > 0;
        });
        one.cache.heartbeat();
        one.cache.heartbeat();
        try (RedisClient client = redis.client()) { // simulates a change whose message was lost
            String entry = redis.keys().stream()
                    .filter(key -> key.endsWith(":a"))
                    .findFirst()
                    .orElseThrow();
            client.del(entry);
            client.incr(entry.substring(0, entry.indexOf("}:") + 2) + "q");
        }
        assertThat(one.<String>get("a")).isEqualTo("old");
        one.cache.heartbeat();
        one.cache.heartbeat();
        assertThat(one.<String>get("a")).isNull();
        assertThat(one.cache.gaps()).isEqualTo(1);
    }

    /** A regression test: the load that still waited for a thread was mistaken for a loader that requests its own key. */
    @Test
    void aThreadThatHandedOverALoadMayRequestTheKeyAgain() {
        LoadTask loadTask = new LoadTask(one.region(), "a", List.of(), () -> "value", null, WAIT);
        assertThat(loadTask.findInRedis()).isFalse();
        loadTask.requireOtherThread();
        loadTask.run();
        assertThat(loadTask.result().join().value()).isEqualTo("value");
    }

    @Test
    void aValueThatAMissedMessageMayHaveInvalidatedIsNotUsedEvenIfTheLoaderFails() {
        one.cache.put("role", "admin");
        one.cache.heartbeat();
        one.cache.heartbeat();
        long before = one.cache.gaps(); // on a busy machine the message of the put may arrive after two heartbeats
        deleteKeys(":role");
        try (RedisClient client = redis.client()) {
            redis.keys().stream().filter(key -> key.endsWith("}:q")).forEach(client::incr);
        }
        one.cache.heartbeat();
        one.cache.heartbeat();
        assertThat(one.cache.gaps()).isGreaterThan(before);
        assertThatThrownBy(() -> one.region()
                        .getOrSet(
                                "role",
                                () -> {
                                    throw new IllegalStateException("down");
                                },
                                WAIT))
                .isInstanceOf(CacheLoadFailedException.class);
    }

    @Test
    void stalenessIsMeasuredFromTheLastHeartbeat() {
        one.cache.heartbeat();
        one.cache.heartbeat();
        assertThat(one.cache.staleness()).isLessThan(Duration.ofSeconds(1));
        redis.freeze(true);
        Eventually.holds("staleness grows without heartbeats", LONG, () -> {
            one.cache.heartbeat();
            return one.cache.staleness().compareTo(Duration.ofSeconds(1)) > 0;
        });
    }
}
