package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.CacheStatistics;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lookups, loads and statistics of a cache on two nodes; {@link InvalidationResultTest} tests invalidations. */
class CacheTest extends CacheNodes {
    CacheTest(Topology topology) {
        super(topology);
    }

    @Test
    void aValueLoadedOnOneNodeIsFoundOnTheOther() {
        assertThat(one.region().<String>getOrSet("a", () -> "loaded", WAIT)).isEqualTo("loaded");
        assertThat(two.region().<String>getOrSet("a", () -> "again", WAIT)).isEqualTo("loaded");
        assertThat(two.region().statistics().secondLevelHits()).isEqualTo(1);
        assertThat(two.<String>get("a")).isEqualTo("loaded");
        assertThat(two.region().statistics().firstLevelHits()).isEqualTo(1);
    }

    @Test
    void aValuePutOnOneNodeIsVisibleOnTheOther() {
        one.cache.put("user:42", "old");
        assertThat(two.<String>get("user:42")).isEqualTo("old");
        one.cache.put("user:42", "new");
        Eventually.holds("the other node returns the new value", LONG, () -> "new".equals(two.<String>get("user:42")));
        assertThat(one.<String>get("user:42")).isEqualTo("new");
    }

    @Test
    void aKeyRemovedOnOneNodeIsRemovedOnTheOther() {
        one.cache.put("a", "value");
        assertThat(two.<String>get("a")).isEqualTo("value");
        assertThat(one.cache.remove("a")).isTrue();
        Eventually.holds("the key is removed", LONG, () -> two.get("a") == null);
        assertThat(one.cache.remove("a")).isFalse();
    }

    @Test
    void theAbsenceOfAValueIsCachedForTheNegativeTtl() {
        AtomicInteger loads = new AtomicInteger();
        CacheLoader<String> absent = () -> {
            loads.incrementAndGet();
            return null;
        };
        assertThat(one.region().<String>getOrSet("absent", absent, WAIT)).isNull();
        assertThat(two.region().<String>getOrSet("absent", absent, WAIT)).isNull();
        assertThat(loads).hasValue(1);
        two.advance(31_000);
        assertThat(two.region().<String>getOrSet("absent", absent, WAIT)).isNull();
        assertThat(loads).hasValue(2);
    }

    @Test
    void twoHundredThreadsOnTwoNodesCauseOneLoad() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CacheLoader<String> slow = () -> {
            loads.incrementAndGet();
            new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
            return "value";
        };
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(200);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                DefaultCacheRegion region = (i % 2 == 0 ? one : two).region();
                answers.add(threads.submit(() -> {
                    start.await();
                    return region.<String>getOrSet("hot", slow, WAIT);
                }));
            }
            start.countDown();
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("value");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(loads).hasValue(1);
    }

    /** An interrupted thread cannot pause, and polling Redis without a pause would overload it. */
    @Test
    @Timeout(20)
    void anInterruptedThreadDoesNotWaitForTheLoadOfAnotherNodeAndKeepsItsFlag() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<String> other = thread.submit(() -> two.region()
                    .<String>getOrSet(
                            "slow",
                            () -> {
                                loading.countDown();
                                end.await();
                                return "of the other";
                            },
                            IN_CALLER));
            loading.await();
            Thread.currentThread().interrupt();
            String own = one.region().<String>getOrSet("slow", () -> "own", IN_CALLER);
            assertThat(Thread.interrupted()).as("the flag").isTrue();
            assertThat(own).isEqualTo("own");
            end.countDown();
            assertThat(other.get()).isEqualTo("of the other");
        } finally {
            end.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void aStaleValueIsReturnedWhenTheLoaderFailsAndTheNextAttemptWaits() {
        AtomicInteger loads = new AtomicInteger();
        CacheLoader<String> broken = () -> {
            loads.incrementAndGet();
            throw new IOException("the directory is down");
        };
        one.region().<String>getOrSet("a", () -> "old", WAIT);
        one.advance(11 * 60_000);
        assertThat(one.region().<String>getOrSet("a", broken, IN_CALLER)).isEqualTo("old");
        assertThat(one.region().<String>getOrSet("a", broken, IN_CALLER)).isEqualTo("old");
        assertThat(loads).hasValue(1);
        one.advance(6_000);
        assertThat(one.region().<String>getOrSet("a", broken, IN_CALLER)).isEqualTo("old");
        assertThat(one.region().statistics().loadFailures()).isEqualTo(2);
        assertThat(loads).hasValue(2);
    }

    @Test
    void aFailingLoaderWithoutAStaleValueThrows() {
        assertThatThrownBy(() -> one.region()
                        .getOrSet(
                                "a",
                                () -> {
                                    throw new IOException("the directory is down");
                                },
                                WAIT))
                .isInstanceOf(CacheLoadFailedException.class)
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(two.region().<String>getOrSet("a", () -> "value", WAIT)).isEqualTo("value");
    }

    @Test
    void aCallerWaitsForALoaderNoLongerThanItsTimeoutAndTheLateValueIsCached() {
        CountDownLatch end = new CountDownLatch(1);
        assertThatThrownBy(() -> one.region()
                        .getOrSet(
                                "a",
                                () -> {
                                    end.await();
                                    return "late";
                                },
                                LoadOptions.defaults().waitAtMost(Duration.ofMillis(100))))
                .isInstanceOf(CacheLoadFailedException.class)
                .hasMessageContaining("No value of region default within");
        end.countDown();
        Eventually.holds("the late value is stored", LONG, () -> "late".equals(two.<String>get("a")));
    }

    @Test
    void aStaleValueIsReturnedAfterTheSoftTimeout() {
        CountDownLatch end = new CountDownLatch(1);
        one.region().<String>getOrSet("a", () -> "old", WAIT);
        one.advance(11 * 60_000);
        assertThat(one.region()
                        .<String>getOrSet(
                                "a",
                                () -> {
                                    end.await();
                                    return "new";
                                },
                                WAIT))
                .isEqualTo("old");
        end.countDown();
        Eventually.holds("the new value is cached", LONG, () -> "new".equals(one.<String>get("a")));
    }

    @Test
    void emptyAndOverlongKeysAreRejectedAndAllOthersAccepted() {
        assertThatThrownBy(() -> one.get("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> one.get("x".repeat(1_000_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000000 characters");
        for (String key : List.of("a b", "a:b:c", "{x}", "*", "ü\n\u0000", "user", ":", " ")) {
            one.cache.put(key, key);
            assertThat(two.<String>get(key)).isEqualTo(key);
        }
    }

    @Test
    void largeValuesAreCompressedInRedis() {
        String large = "gatehouse".repeat(10_000);
        one.cache.put("large", large);
        assertThat(two.<String>get("large")).isEqualTo(large);
        assertThat(one.region().statistics().bytes()).isLessThan(5_000);
    }

    @Test
    void aValueThatIsNotSerializableIsReturnedButNotCached() {
        Object strange = new Object();
        assertThat(one.region().<Object>getOrSet("a", () -> strange, WAIT)).isSameAs(strange);
        assertThat(one.<Object>get("a")).isNull();
        assertThat(one.region().statistics().notStored()).isEqualTo(1);
        assertThatThrownBy(() -> one.cache.put("a", strange)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLoaderThatRequestsItsOwnKeyFails() {
        assertThatThrownBy(() -> one.region()
                        .getOrSet("a", () -> one.region().<String>getOrSet("a", () -> "inner", IN_CALLER), IN_CALLER))
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEntryIsReloadedInTheBackgroundBeforeItExpires() {
        one.region().<String>getOrSet("a", () -> "old", WAIT);
        one.advance(510_000); // the TTL is 540 to 600 seconds
        assertThat(one.region().<String>getOrSet("a", () -> "new", WAIT)).isEqualTo("old");
        Eventually.holds(
                "the new value is cached",
                LONG,
                () -> "new".equals(one.region().<String>getOrSet("a", () -> "new", WAIT)));
    }

    @Test
    void aRegionWithoutMemoryReadsRedisEachTime() {
        one.cache.put("plain:a", "value");
        for (int i = 0; i < 20; i++) {
            assertThat(one.<String>get("plain:a")).isEqualTo("value");
        }
        assertThat(one.cache.region("plain").statistics().secondLevelHits()).isEqualTo(20);
    }

    @Test
    void aRegionWithAStalenessLimitReadsRedisWhenTheLimitIsExceeded() {
        one.cache.put("bound:a", "value");
        assertThat(one.<String>get("bound:a")).isEqualTo("value");
        assertThat(one.<String>get("bound:a")).isEqualTo("value");
        assertThat(one.cache.region("bound").statistics().secondLevelHits()).isEqualTo(2);
    }

    @Test
    void clusterStatisticsAreTheSumOverAllNodes() {
        one.region().<String>getOrSet("a", () -> "value", WAIT);
        two.region().<String>getOrSet("a", () -> "value", WAIT);
        two.cache.heartbeat();
        CacheStatistics both = of(one.cache.clusterStatistics());
        assertThat(both.loads()).isEqualTo(1);
        assertThat(both.secondLevelHits()).isEqualTo(1);
        assertThat(both.entries()).isEqualTo(2);
    }

    @Test
    void recentStatisticsExcludeOlderEvents() {
        one.region().<String>getOrSet("a", () -> "value", WAIT);
        for (int minute = 0; minute < 5; minute++) {
            one.advance(61_000);
            one.cache.heartbeat();
        }
        assertThat(one.region().recentStatistics().loads()).isZero();
        assertThat(one.region().recentStatistics().entries()).isEqualTo(1);
        assertThat(one.region().statistics().loads()).isEqualTo(1);
    }

    private static CacheStatistics of(List<CacheStatistics> all) {
        return all.stream()
                .filter(statistics -> statistics.region().equals("default"))
                .findFirst()
                .orElseThrow();
    }
}
