package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cache.LoadOptions;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Changes that depend on the present value of a key: {@code add}, {@code touch} and {@code increment}. */
class CacheChangesTest extends CacheNodes {
    private static final Duration TTL = Duration.ofMinutes(5);

    CacheChangesTest(Topology topology) {
        super(topology);
    }

    @Test
    void addStoresAValueOnlyIfTheKeyIsAbsent() {
        assertThat(one.cache.add("user:a", "first", TTL)).isTrue();
        assertThat(two.cache.add("user:a", "second", TTL)).isFalse();
        assertThat(one.cache.add("user:a", "second", TTL)).isFalse();
        assertThat(two.<String>get("user:a")).isEqualTo("first");
        one.cache.remove("user:a");
        assertThat(two.cache.add("user:a", "third", TTL)).isTrue();
    }

    @Test
    void anExpiredOrInvalidatedValueAndACachedAbsenceAreAbsent() {
        one.cache.put("expired", "old", TTL);
        one.advance(301_000);
        assertThat(one.cache.touch("expired", TTL)).isFalse();
        assertThat(one.cache.add("expired", "new", TTL)).isTrue();
        assertThat(one.<String>get("expired")).isEqualTo("new");

        one.region().put("tagged", "old", List.of("t"));
        two.cache.invalidator().invalidateByTag("t");
        assertThat(one.cache.touch("tagged", TTL)).isFalse();
        assertThat(one.cache.add("tagged", "new", TTL)).isTrue();

        one.cache.put("absent", null);
        assertThat(one.cache.ttl("absent")).isEmpty();
        assertThat(one.cache.touch("absent", TTL)).isFalse();
        assertThat(one.cache.increment("absent", 5)).isEqualTo(5);
    }

    @Test
    void ofManyCallersOnTwoNodesOneAddSucceeds() throws Exception {
        List<Boolean> answers = onBothNodes(50, node -> node.cache.add("once", "value", TTL));
        assertThat(answers).filteredOn(added -> added).hasSize(1);
    }

    @Test
    void addMakesOtherNodesDropCopiesOfAnEntryThatRedisHasEvicted() {
        one.cache.put("a", "old");
        Eventually.holds("the copy stays, because the message of the put has arrived before", LONG, () -> {
            assertThat(two.<String>get("a")).isEqualTo("old");
            return two.region().statistics().firstLevelHits() > 0;
        });
        deleteKeys(":e:default:a");
        assertThat(one.cache.add("a", "new", TTL)).isTrue();
        Eventually.holds("the other node has dropped its copy", LONG, () -> "new".equals(two.<String>get("a")));
        assertThat(one.<String>get("a")).isEqualTo("new");
    }

    @Test
    void aValueLoadedBeforeAChangeIsNotStoredAfterIt() {
        one.cache.getOrSet("added", () -> {
            two.cache.add("added", "by the other", TTL);
            return "outdated";
        });
        one.cache.getOrSet("counted", () -> {
            two.cache.increment("counted", 7);
            return 1L;
        });
        assertThat(two.<String>get("added")).isEqualTo("by the other");
        assertThat(two.<Long>get("counted")).isEqualTo(7);
        Eventually.holds(
                "the loading node drops its value", LONG, () -> "by the other".equals(one.<String>get("added")));
    }

    @Test
    void touchLengthensAndShortensALifetimeOnAllNodes() {
        one.cache.put("a", "value", TTL);
        assertThat(two.<String>get("a")).isEqualTo("value");
        assertThat(one.cache.touch("a", Duration.ofHours(3))).isTrue();
        assertThat(one.cache.ttl("a").orElseThrow()).isBetween(Duration.ofMinutes(179), Duration.ofHours(3));
        Eventually.holds(
                "the other node sees it",
                LONG,
                () -> two.cache.ttl("a").orElseThrow().compareTo(TTL) > 0);
        assertThat(two.<String>get("a")).isEqualTo("value");

        assertThat(two.cache.touch("a", Duration.ofSeconds(20))).isTrue();
        Eventually.holds(
                "the first node sees it",
                LONG,
                () -> one.cache.ttl("a").orElseThrow().compareTo(TTL) < 0);
        one.advance(20_000);
        assertThat(one.<String>get("a")).isNull();
        assertThat(one.cache.touch("never", TTL)).isFalse();
    }

    @Test
    void aTouchedValueKeepsItsTags() {
        Duration month = Duration.ofDays(30);
        one.region().put("a", "value", List.of("t"), TTL);
        assertThat(two.cache.touch("a", month)).isTrue();
        assertThat(keys().entrySet().stream().filter(entry -> entry.getKey().contains(":t:t")))
                .isNotEmpty()
                .allMatch(entry -> entry.getValue() > month.toMillis());
        one.cache.invalidator().invalidateByTag("t");
        assertThat(one.<String>get("a")).isNull();
        Eventually.holds("the other node has dropped its copy", LONG, () -> two.<String>get("a") == null);
    }

    /** The order of events that threads cannot force: a tag is invalidated after a change has read the entry. */
    @Test
    void aChangeDoesNotReviveAValueWhoseTagWasInvalidatedMeanwhile() {
        DefaultCacheRegion region = one.region();
        region.put("a", "value", List.of("t"), TTL);
        EntryReader.Found read = region.reader.find("default", "a", List.of("t"));
        PendingPut change =
                region.writer.prepare("a", "value", LoadOptions.defaults().tags(List.of("t")));
        two.cache.invalidator().invalidateByTag("t");
        assertThat(region.store.replace(change, read.identity())).isEmpty();
        assertThat(two.<String>get("a")).isNull();
    }

    @Test
    void incrementCountsFromZeroAndKeepsTheLifetime() {
        assertThat(one.cache.increment("user:n", 1, TTL)).isEqualTo(1);
        one.advance(100_000);
        assertThat(one.cache.increment("user:n", 41, Duration.ofDays(1))).isEqualTo(42);
        assertThat(one.cache.ttl("user:n").orElseThrow()).isBetween(Duration.ofSeconds(150), Duration.ofSeconds(200));
        assertThat(two.cache.increment("user:n", -2)).isEqualTo(40);
        assertThat(two.<Long>get("user:n")).isEqualTo(40);
        Eventually.holds("the first node sees it", LONG, () -> Long.valueOf(40).equals(one.<Long>get("user:n")));
        one.advance(200_000);
        assertThat(one.cache.increment("user:n", 3, TTL)).isEqualTo(3);
    }

    @Test
    void incrementIsExactWithManyCallersOnTwoNodes() throws Exception {
        List<Long> answers = onBothNodes(20, node -> {
            long last = 0;
            for (int i = 0; i < 5; i++) {
                last = node.cache.increment("hits", 1, TTL);
            }
            return last;
        });
        assertThat(answers).doesNotHaveDuplicates().contains(100L);
        assertThat(one.cache.increment("hits", 0)).isEqualTo(100);
        assertThat(two.cache.increment("hits", 0)).isEqualTo(100);
    }

    @Test
    void incrementReadsEveryIntegerTypeAndStoresALong() {
        one.cache.put("int", 41);
        one.cache.put("short", (short) 41);
        one.cache.put("byte", (byte) 41);
        for (String key : List.of("int", "short", "byte")) {
            assertThat(two.cache.increment(key, 1)).isEqualTo(42);
            assertThat(two.<Long>get(key)).isEqualTo(42L);
        }
    }

    @Test
    void incrementRejectsValuesThatAreNoIntegersAndResultsOutOfRange() {
        one.cache.put("text", "41");
        assertThatThrownBy(() -> two.cache.increment("text", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The value in region default is of class java.lang.String; increment needs a Long,"
                        + " Integer, Short or Byte. Use another key, or remove this one first");
        assertThat(two.<String>get("text")).isEqualTo("41");
        one.cache.put("big", Long.MAX_VALUE);
        assertThatThrownBy(() -> two.cache.increment("big", 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("not within the range of long");
        assertThat(two.<Long>get("big")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keysWithAnyCharactersAreKeysOfTheirOwn() {
        List<String> keys = List.of("a,b", "a\"b'", "a\u0000b", "a", "b", "a\nb", "user:a,b", "*", "😀");
        for (String key : keys) {
            assertThat(one.cache.add(key, key, TTL)).as(key).isTrue();
        }
        for (String key : keys) {
            assertThat(two.cache.touch(key, Duration.ofHours(2))).as(key).isTrue();
            assertThat(two.<String>get(key)).isEqualTo(key);
        }
        assertThat(two.cache.<String>getMany(keys))
                .hasSize(keys.size())
                .allSatisfy((key, value) -> assertThat(value).isEqualTo(key));
    }

    /** In UTF-8 it would be the key "?". */
    @Test
    void aKeyThatIsNoTextIsRejected() {
        String half = "\ud83d";
        List<Executable> methods = List.of(
                () -> one.cache.get(half),
                () -> one.cache.put(half, "value"),
                () -> one.cache.getOrSet(half, () -> "value"),
                () -> one.cache.getMany(List.of(half)),
                () -> one.cache.increment(half, 1),
                () -> one.region().put("a", "value", List.of(half)));
        for (Executable method : methods) {
            assertThatThrownBy(method::execute)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected text that UTF-8 can encode");
        }
        assertThat(one.<String>get("?")).isNull();
    }

    private interface Call<T> {
        T on(CacheNode node) throws Exception;
    }

    private <T> List<T> onBothNodes(int callers, Call<T> call) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                CacheNode node = i % 2 == 0 ? one : two;
                Callable<T> task = () -> {
                    start.await();
                    return call.on(node);
                };
                futures.add(threads.submit(task));
            }
            start.countDown();
            List<T> answers = new ArrayList<>();
            for (Future<T> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
