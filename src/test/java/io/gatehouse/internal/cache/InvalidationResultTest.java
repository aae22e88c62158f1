package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cache.InvalidationResult;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Topology;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Invalidations by key, tag, pattern, region and user, on two nodes. */
class InvalidationResultTest extends CacheNodes {
    InvalidationResultTest(Topology topology) {
        super(topology);
    }

    @Test
    void aValueLoadedBeforeAnInvalidationIsNotCachedAfterIt() {
        assertThat(one.region()
                        .<String>getOrSet(
                                "removed",
                                () -> {
                                    two.cache.remove("removed");
                                    return "outdated";
                                },
                                WAIT))
                .isEqualTo("outdated");
        assertThat(one.region()
                        .<String>getOrSet(
                                "by-pattern",
                                () -> {
                                    two.cache.invalidator().invalidateByPattern("by-*");
                                    return "outdated";
                                },
                                WAIT))
                .isEqualTo("outdated");
        assertThat(one.region()
                        .<String>getOrSet(
                                "by-tag",
                                () -> {
                                    two.cache.invalidator().invalidateByTag("t");
                                    return "outdated";
                                },
                                WAIT.tags(List.of("t"))))
                .isEqualTo("outdated");
        Eventually.holds(
                "the first level has dropped all three",
                LONG,
                () -> one.get("removed") == null && one.get("by-pattern") == null && one.get("by-tag") == null);
        assertThat(two.<String>get("removed")).isNull();
        assertThat(two.<String>get("by-pattern")).isNull();
        assertThat(two.<String>get("by-tag")).isNull();
    }

    @Test
    void aCallerAfterAnInvalidationDoesNotGetAValueFromAnEarlierLoad() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<String> before = CompletableFuture.supplyAsync(() -> one.region()
                .<String>getOrSet(
                        "a",
                        () -> {
                            begun.countDown();
                            end.await();
                            return "outdated";
                        },
                        WAIT));
        begun.await();
        one.cache.remove("a");
        assertThat(one.region().<String>getOrSet("a", () -> "new", WAIT)).isEqualTo("new");
        end.countDown();
        assertThat(before.get()).isEqualTo("outdated");
        assertThat(one.<String>get("a")).isEqualTo("new");
    }

    @Test
    void invalidatingATagRemovesItsEntriesOnBothNodes() {
        for (int i = 0; i < 40; i++) {
            one.region().put("k" + i, i, List.of(i % 2 == 0 ? "even" : "odd", "number"));
            assertThat(two.<Integer>get("k" + i)).isEqualTo(i);
        }
        two.cache.invalidator().invalidateByTag("even");
        for (int i = 0; i < 40; i++) {
            String key = "k" + i;
            if (i % 2 == 0) {
                assertThat(two.<Integer>get(key)).as(key).isNull();
                Eventually.holds("the other node has dropped the entry", LONG, () -> one.get(key) == null);
            } else {
                assertThat(one.<Integer>get(key)).as(key).isEqualTo(i);
            }
        }
    }

    @Test
    void aTagWithoutAVersionCountsAsInvalidated() {
        one.region().put("a", "value", List.of("t"));
        deleteKeys(":t:t");
        assertThat(two.<String>get("a")).isNull();
    }

    @Test
    void invalidatingAPatternRemovesMatchingEntriesAndCountsThem() {
        for (int i = 0; i < 50; i++) {
            one.cache.put("oauth:issuer-" + i, "value");
            one.cache.put("user:issuer-" + i, "value");
        }
        assertThat(two.<String>get("oauth:issuer-7")).isEqualTo("value");
        exchangeHeartbeats();
        InvalidationResult done = one.cache.invalidator().invalidateByPattern("oauth:issuer-*");
        assertThat(done).isEqualTo(new InvalidationResult(50, 2, 2));
        assertThat(two.<String>get("oauth:issuer-7")).isNull();
        assertThat(two.<String>get("user:issuer-7")).isEqualTo("value");
    }

    @Test
    void specialGlobCharactersOtherThanWildcardsMatchThemselves() {
        one.cache.put("a[b]c", "1");
        one.cache.put("abc", "2");
        one.cache.put("a\\c", "3");
        assertThat(one.cache.invalidator().invalidateByPattern("a[b]*").entries())
                .isEqualTo(1);
        assertThat(one.<String>get("abc")).isEqualTo("2");
        assertThat(one.cache.invalidator().invalidateByPattern("a\\*").entries())
                .isEqualTo(1);
        assertThat(one.<String>get("abc")).isEqualTo("2");
    }

    @Test
    void aPatternThatMatchesEveryKeyIsRejectedUnlessItNamesARegion() {
        one.cache.put("a", "value");
        for (String pattern : List.of("*", "**", "?*")) {
            assertThatThrownBy(() -> one.cache.invalidator().invalidateByPattern(pattern))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("matches every key");
        }
        assertThat(one.<String>get("a")).isEqualTo("value");
        assertThat(one.cache.invalidator().invalidateAll("default").entries()).isEqualTo(1);
    }

    @Test
    void invalidatingAUserRemovesTheKeyAndTheTaggedEntries() {
        one.cache.put("user:alice", "profile");
        one.cache.region("roles").put("r", "roles", List.of("user:alice"));
        one.cache.put("user:bob", "profile");
        exchangeHeartbeats();
        InvalidationResult done = two.cache.invalidator().invalidateUserCache("alice");
        assertThat(done.nodesConfirmed()).isEqualTo(2);
        assertThat(two.<String>get("user:alice")).isNull();
        assertThat(one.<String>get("roles:r")).isNull();
        assertThat(one.<String>get("user:bob")).isEqualTo("profile");
    }

    @Test
    void everyRedisKeyOfTheCacheHasATimeToLive() {
        one.region().put("a", "value", List.of("t"));
        one.region().<String>getOrSet("b", () -> "value", WAIT.tags(List.of("u")));
        one.cache.remove("c");
        one.cache.invalidator().invalidateByTag("t");
        one.cache.invalidator().invalidateAll("user");
        exchangeHeartbeats();
        assertThat(keys())
                .isNotEmpty()
                .allSatisfy((key, left) -> assertThat(left).as(key).isPositive());
    }

    /** Sends heartbeats until each node counts both. */
    void exchangeHeartbeats() {
        Eventually.holds("each node counts both", LONG, () -> {
            one.cache.heartbeat();
            two.cache.heartbeat();
            return one.cache.nodes() == 2 && two.cache.nodes() == 2;
        });
    }
}
