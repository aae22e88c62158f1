package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Values with a lifetime that the caller gives, and how long callers wait for them. */
class ExplicitTtlTest extends CacheNodes {
    private static final Duration TTL = Duration.ofMinutes(5);

    ExplicitTtlTest(Topology topology) {
        super(topology);
    }

    @Test
    void theThirdArgumentOfGetOrSetIsHowLongTheValueIsKept() {
        assertThat(one.cache.<String>getOrSet("a", () -> "value", TTL)).isEqualTo("value");
        assertThat(two.<String>get("a")).isEqualTo("value");
        for (CacheNode node : List.of(one, two)) {
            node.advance(280_000);
            assertThat(node.<String>get("a")).isEqualTo("value");
            node.advance(20_000);
            assertThat(node.<String>get("a")).isNull();
        }
        assertThat(one.cache.<String>getOrSet("a", () -> "again", TTL)).isEqualTo("again");
    }

    @Test
    void anExplicitTtlIsNeitherShortenedNorLengthened() {
        one.cache.getOrSet("loaded", () -> "value", TTL);
        one.cache.put("put", "value", TTL);
        one.cache.setMany(Map.of("set", "value"), TTL);
        one.cache.add("added", "value", TTL);
        one.cache.increment("counted", 1, TTL);
        for (String key : List.of("loaded", "put", "set", "added", "counted")) {
            assertThat(two.cache.ttl(key).orElseThrow()).as(key).isBetween(TTL.minusSeconds(60), TTL);
        }
    }

    @Test
    void withoutAnExplicitTtlThatOfTheRegionIsShortenedByUpToATenth() {
        one.cache.getOrSet("loaded", () -> "value");
        one.cache.put("put", "value");
        for (String key : List.of("loaded", "put")) {
            assertThat(one.cache.ttl(key).orElseThrow())
                    .as(key)
                    .isBetween(Duration.ofSeconds(500), Duration.ofMinutes(10));
        }
    }

    @Test
    void theTtlDoesNotLimitHowLongTheCallerWaits() {
        CacheLoader<String> slow = () -> {
            new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
            return "value";
        };
        assertThat(one.cache.<String>getOrSet("a", slow, Duration.ofMillis(1))).isEqualTo("value");
    }

    @Test
    void aCallerWaitsAsLongAsTheRegionSays() {
        CountDownLatch end = new CountDownLatch(1);
        CacheLoader<String> slow = () -> {
            end.await();
            return "late";
        };
        assertThatThrownBy(() -> one.cache.getOrSet("impatient:a", slow, TTL))
                .isInstanceOf(CacheLoadFailedException.class)
                .hasMessageContaining("No value of region impatient within PT0.1S");
        end.countDown();
    }

    @Test
    void aValueForWhichItsCallerWaitsLongerThanTheRegionSaysIsCached() {
        CacheLoader<String> slow = () -> {
            new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
            return "value";
        };
        LoadOptions patient = LoadOptions.defaults().tags(List.of("t")).waitAtMost(LONG);
        assertThat(one.cache.<String>getOrSet("impatient:a", slow, patient)).isEqualTo("value");
        assertThat(one.<String>get("impatient:a")).isEqualTo("value");
        assertThat(two.<String>get("impatient:a")).isEqualTo("value");
    }

    @Test
    void anExpiredValueIsReturnedOnlyWhileItCannotBeReloaded() {
        one.cache.getOrSet("a", () -> "old", TTL);
        one.advance(301_000);
        assertThat(one.<String>get("a")).isNull();
        assertThat(one.cache.ttl("a")).isEmpty();
        CacheLoader<String> broken = () -> {
            throw new IOException("the directory is down");
        };
        for (int i = 0; i < 2; i++) {
            assertThat(one.cache.<String>getOrSet("a", broken, TTL)).isEqualTo("old");
            assertThat(one.<String>get("a")).isNull();
            assertThat(one.cache.ttl("a")).isEmpty();
        }
    }

    @Test
    void anAbsenceIsKeptForTheShorterOfTtlAndNegativeTtl() {
        AtomicInteger loads = new AtomicInteger();
        CacheLoader<String> absent = () -> {
            loads.incrementAndGet();
            return null;
        };
        one.cache.getOrSet("short", absent, Duration.ofSeconds(10));
        one.advance(10_000);
        one.cache.getOrSet("short", absent, Duration.ofSeconds(10));
        assertThat(loads).hasValue(2);
        one.cache.getOrSet("long", absent, TTL);
        one.advance(15_000);
        one.cache.getOrSet("long", absent, TTL);
        assertThat(loads).hasValue(3);
        one.advance(16_000);
        one.cache.getOrSet("long", absent, TTL);
        assertThat(loads).hasValue(4);
    }

    @Test
    void aReloadInTheBackgroundKeepsTheValueForTheSameTimeAgain() {
        one.cache.getOrSet("a", () -> "old", TTL);
        one.advance(280_000);
        assertThat(one.cache.<String>getOrSet("a", () -> "new", TTL)).isEqualTo("old");
        Eventually.holds(
                "the new value is cached", LONG, () -> "new".equals(one.cache.<String>getOrSet("a", () -> "new", TTL)));
        assertThat(one.cache.ttl("a").orElseThrow()).isBetween(TTL.minusSeconds(60), TTL);
    }

    @Test
    void aTaggedValueIsKeptLongerThanTheRegionKeepsStaleValues() {
        Duration month = Duration.ofDays(30);
        one.region().put("put", "value", List.of("t"), month);
        one.region()
                .getOrSet(
                        "loaded",
                        () -> "value",
                        LoadOptions.defaults().ttl(month).tags(List.of("t")));
        assertThat(keys().entrySet().stream().filter(entry -> entry.getKey().contains(":t:t")))
                .isNotEmpty()
                .allMatch(entry -> entry.getValue() > month.toMillis());
        one.cache.invalidator().invalidateByTag("t");
        assertThat(two.<String>get("put")).isNull();
        assertThat(two.<String>get("loaded")).isNull();
    }

    @Test
    void lifetimesOutOfRangeAreRejectedByEveryMethod() {
        List<Consumer<Duration>> methods = List.of(
                ttl -> one.cache.getOrSet("a", () -> "value", ttl),
                ttl -> one.cache.put("a", "value", ttl),
                ttl -> one.cache.setMany(Map.of("a", "value"), ttl),
                ttl -> one.cache.add("a", "value", ttl),
                ttl -> one.cache.touch("a", ttl),
                ttl -> one.cache.increment("a", 1, ttl),
                ttl -> one.region().put("a", "value", List.of("t"), ttl));
        for (Consumer<Duration> method : methods) {
            for (Duration ttl : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofNanos(1))) {
                assertThatThrownBy(() -> method.accept(ttl))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("ttl is " + ttl + "; expected at least 1 ms. To drop a value, call remove");
            }
            for (Duration ttl : List.of(Duration.ofDays(367), Duration.ofSeconds(Long.MAX_VALUE))) {
                assertThatThrownBy(() -> method.accept(ttl))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("ttl is " + ttl + "; expected at most 366 days");
            }
        }
        assertThat(one.<String>get("a")).isNull();
        one.cache.put("a", "value", Duration.ofDays(366));
        assertThat(two.cache.ttl("a").orElseThrow()).isBetween(Duration.ofDays(365), Duration.ofDays(366));
    }

    @Test
    void waitingTimesOutOfRangeAreRejected() {
        LoadOptions options = LoadOptions.defaults();
        assertThatThrownBy(() -> options.waitAtMost(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("waitAtMost is PT0S; expected at least 1 ms");
        assertThatThrownBy(() -> options.waitAtMost(Duration.ofHours(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("waitAtMost is PT2H; expected at most 1 hour");
    }
}
