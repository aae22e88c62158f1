package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.cache.CacheLoadFailedException;
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

/** A cache on two nodes whose server is stopped, paused, full or written to by others. */
class StandaloneCacheTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private TestRedis redis;
    private CacheNode one;
    private CacheNode two;

    @BeforeEach
    void start() {
        redis = TestRedis.start();
        one = node();
        two = node();
        Eventually.holds("both listen", LONG, () -> one.cache.isConnected() && two.cache.isConnected());
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

    private void forget(String keyEnd) {
        try (RedisClient client = redis.client()) {
            redis.keys().stream().filter(key -> key.endsWith(keyEnd)).forEach(client::del);
        }
    }

    @Test
    void aForgedSwappedOrDamagedValueIsAMissAndCounted() {
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
            client.set(b, "nonsense that is long enough to be an envelope");
        }
        assertThat(two.<String>get("a")).isNull();
        assertThat(two.<String>get("b")).isNull();
        assertThat(two.region().statistics().unreadable()).isEqualTo(2);
        assertThat(two.region().<String>getOrSet("a", () -> "anew", LONG)).isEqualTo("anew");
        assertThat(two.<String>get("a")).isEqualTo("anew");
    }

    @Test
    void whileRedisIsAwayTheLoaderOrAnOlderValueAnswersAndAChangeIsRefused() {
        one.region().<String>getOrSet("known", () -> "old", LONG);
        redis.process().close();
        assertThat(one.region().<String>getOrSet("unknown", () -> "loaded", LONG))
                .isEqualTo("loaded");
        assertThat(one.region()
                        .<String>getOrSet(
                                "known",
                                () -> {
                                    throw new IllegalStateException("down too");
                                },
                                LONG))
                .isEqualTo("old");
        assertThatThrownBy(() -> one.cache.put("known", "new")).isInstanceOf(RedisUnavailableException.class);
        assertThatThrownBy(() -> one.cache.remove("known")).isInstanceOf(RedisUnavailableException.class);
    }

    @Test
    void aFrozenRedisHoldsNobodyUpForLongerThanTheTimeOut() {
        redis.freeze(true);
        long start = System.nanoTime();
        assertThatThrownBy(() -> one.region().getOrSet("a", () -> "value", Duration.ofMillis(100)))
                .isInstanceOf(CacheLoadFailedException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(550));
        assertThat(one.region().<String>getOrSet("b", () -> "value", LONG)).isEqualTo("value");
    }

    @Test
    void aFullRedisStillGivesTheLoadersValueAndLetsGoOfTheOldOne() {
        one.cache.put("a", "old");
        assertThat(two.<String>get("a")).isEqualTo("old");
        try (RedisClient client = redis.client()) {
            client.configSet("maxmemory", "1");
        }
        assertThat(one.region().<String>getOrSet("b", () -> "loaded", LONG)).isEqualTo("loaded");
        one.cache.remove("a");
        Eventually.holds("gone on the other", LONG, () -> two.get("a") == null);
    }

    @Test
    void aMessageThatDidNotComeIsNoticedAndTheFirstLevelIsNotTrusted() {
        two.cache.put("a", "old");
        Eventually.holds("it stays, because the message of the change has come before", LONG, () -> {
            assertThat(one.<String>get("a")).isEqualTo("old");
            return one.region().statistics().firstLevelHits() > 0;
        });
        one.cache.beat();
        one.cache.beat();
        try (RedisClient client = redis.client()) { // as if a change had come whose message was lost
            String entry = redis.keys().stream()
                    .filter(key -> key.endsWith(":a"))
                    .findFirst()
                    .orElseThrow();
            client.del(entry);
            client.incr(entry.substring(0, entry.indexOf("}:") + 2) + "q");
        }
        assertThat(one.<String>get("a")).isEqualTo("old");
        one.cache.beat();
        one.cache.beat();
        assertThat(one.<String>get("a")).isNull();
        assertThat(one.cache.gaps()).isEqualTo(1);
    }

    /** It looked as if the loader asked for itself, while the load still waited for a thread to run on. */
    @Test
    void whoHandedALoadOverMayAskAgain() {
        LoadTask loadTask = new LoadTask(one.region(), "a", List.of(), () -> "value", null, LONG);
        assertThat(loadTask.findInRedis()).isFalse();
        loadTask.requireOtherThread();
        loadTask.run();
        assertThat(loadTask.result().join().value()).isEqualTo("value");
    }

    @Test
    void whatMayHaveBeenInvalidatedUnheardIsNotUsedThoughTheLoaderFails() {
        one.cache.put("role", "admin");
        one.cache.beat();
        one.cache.beat();
        long before = one.cache.gaps(); // on a busy machine the message of our own put may come later than two beats
        forget(":role");
        try (RedisClient client = redis.client()) {
            redis.keys().stream().filter(key -> key.endsWith("}:q")).forEach(client::incr);
        }
        one.cache.beat();
        one.cache.beat();
        assertThat(one.cache.gaps()).isGreaterThan(before);
        assertThatThrownBy(() -> one.region()
                        .getOrSet(
                                "role",
                                () -> {
                                    throw new IllegalStateException("down");
                                },
                                LONG))
                .isInstanceOf(CacheLoadFailedException.class);
    }

    @Test
    void theBoundOfStalenessFollowsTheBeat() {
        one.cache.beat();
        one.cache.beat();
        assertThat(one.cache.staleness()).isLessThan(Duration.ofSeconds(1));
        redis.freeze(true);
        Eventually.holds("it grows", LONG, () -> {
            one.cache.beat();
            return one.cache.staleness().compareTo(Duration.ofSeconds(1)) > 0;
        });
    }
}
