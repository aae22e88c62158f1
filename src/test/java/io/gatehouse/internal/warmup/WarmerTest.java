package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.warmup.FewEntries;
import io.gatehouse.warmup.WarmupReport;
import io.gatehouse.warmup.WarmupSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WarmerTest {
    private final Map<String, Object> cache = new LinkedHashMap<>();
    private final AtomicLong now = new AtomicLong(17);
    private final Map<String, List<String>> hottest = new LinkedHashMap<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private Map<String, String> settings = Map.of();
    private boolean cacheTakes = true;

    private DefaultWarmer warmer(WarmupSource... sources) {
        Config config = new Config(List.of(ConfigSource.of("test", settings)));
        WarmupSettings read = WarmupSettings.from(config);
        config.throwIfBroken();
        return new DefaultWarmer(
                List.of(sources),
                this::put,
                (region, most) -> hottest.getOrDefault(region, List.of()),
                read,
                later::add,
                now::get,
                now::addAndGet);
    }

    private boolean put(String region, String key, Object value) {
        if (cacheTakes) {
            cache.put(region + ":" + key, value);
        }
        return cacheTakes;
    }

    private static Map<String, Object> numbered(int count) {
        return IntStream.range(0, count)
                .boxed()
                .collect(Collectors.toMap(i -> "" + i, i -> i, (a, b) -> a, LinkedHashMap::new));
    }

    private static FewEntries users(Map<String, Object> entries) {
        return new FewEntries("user", entries);
    }

    @Test
    void warmsTheUsersItIsToldAndCountsThoseThatAreNotThere() {
        WarmupReport report =
                warmer(users(Map.of("1", "Ann", "2", "Bob", "3", "Cid"))).warmUserData(List.of("1", "3", "9", "1"));
        assertThat(report).isEqualTo(new WarmupReport("user", 2, 1, 0, Duration.ZERO, true));
        assertThat(cache).containsOnly(Map.entry("user:1", "Ann"), Map.entry("user:3", "Cid"));
    }

    @Test
    void oneKeyThatFailsIsCountedAndTheRestGoesOn() {
        try (LogCapture log = new LogCapture("io.gatehouse.internal.warmup")) {
            WarmupReport report = warmer(
                            users(Map.of("1", "Ann", "2", new IllegalStateException("of Bob"), "3", "Cid")))
                    .warmUserData(List.of("1", "2", "3"));
            assertThat(report).isEqualTo(new WarmupReport("user", 2, 0, 1, Duration.ZERO, true));
            assertThat(log.lines())
                    .contains("WARNING 1 entries of user were not warmed, the first because: IllegalStateException")
                    .noneMatch(line -> line.contains("Bob"));
        }
    }

    @Test
    void aSourceThatFailsAsAWholeIsCountedAndLoggedOnceAndTheNextIsAsked() {
        WarmupSource broken = new FewEntries("user", Map.of()) {
            @Override
            public Stream<String> keys() {
                throw new IllegalStateException("no keys today");
            }
        };
        try (LogCapture log = new LogCapture("io.gatehouse.internal.warmup")) {
            WarmupReport report = warmer(broken, new FewEntries("roles", Map.of("admin", "all")))
                    .warmAll();
            assertThat(report).isEqualTo(new WarmupReport("all", 1, 0, 1, Duration.ZERO, false));
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARNING"))
                    .hasSize(1);
        }
    }

    @Test
    void theNextSourceOfAScopeIsAskedForWhatTheFirstDoesNotGive() {
        FewEntries second = users(Map.of("1", "not asked", "2", "Bob", "3", "Cid"));
        WarmupReport report = warmer(users(Map.of("1", "Ann", "2", new IllegalStateException())), second)
                .warmUserData(List.of("1", "2", "3"));
        assertThat(report).isEqualTo(new WarmupReport("user", 3, 0, 0, report.took(), true));
        assertThat(second.asked).containsExactly("2", "3");
    }

    @Test
    void anInterruptedThreadStopsAndKeepsItsFlag() {
        FewEntries byKey = new FewEntries("user", numbered(3)) {
            @Override
            public Object load(String key) throws Exception {
                asked.add(key);
                throw new InterruptedException();
            }
        };
        assertInterrupted(warmer(byKey).warmUserData(List.of("0", "1", "2")));
        assertThat(byKey.asked).containsExactly("0");

        FewEntries atOnce = new FewEntries("roles", numbered(3)) {
            @Override
            public Map<String, Object> everything() throws Exception {
                throw new InterruptedException();
            }
        };
        assertInterrupted(warmer(atOnce).warmRoles());

        FewEntries inBulk = new FewEntries("user", numbered(3)) {
            @Override
            public @Nullable Map<String, Object> loadAll(Collection<String> keys) throws Exception {
                throw new InterruptedException();
            }
        };
        assertInterrupted(warmer(inBulk).warmUserData(List.of("0", "1", "2")));
        assertThat(inBulk.asked).isEmpty();
    }

    private static void assertInterrupted(WarmupReport report) {
        assertThat(Thread.interrupted()).as("the flag").isTrue();
        assertThat(report.complete()).isFalse();
        assertThat(report.warmed()).isZero();
    }

    @Test
    void whatIsNotBegunSaysSo() {
        DefaultWarmer closed = new DefaultWarmer(
                List.of(),
                this::put,
                (region, most) -> List.of(),
                WarmupSettings.from(new Config(List.of())),
                work -> {
                    throw new RejectedExecutionException();
                },
                now::get,
                now::addAndGet);
        assertThat(closed.warmAllAsync())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(WarmupException.class);
    }

    @Test
    void whatTheCacheDoesNotTakeHasFailed() {
        cacheTakes = false;
        assertThat(warmer(users(Map.of("1", "Ann"))).warmUserData(List.of("1")))
                .isEqualTo(new WarmupReport("user", 0, 0, 1, Duration.ZERO, true));
    }

    @Test
    void theMostUsedKeysComeFirst() {
        hottest.put("roles", List.of("7", "3", "gone"));
        FewEntries source = new FewEntries("roles", numbered(9));
        WarmupReport report = warmer(source).warmRoles();
        assertThat(source.asked).containsExactly("7", "3", "gone", "0", "1", "2", "4", "5", "6", "8");
        assertThat(report)
                .extracting(WarmupReport::warmed, WarmupReport::missing)
                .containsExactly(9L, 1L);
    }

    @Test
    void onlyTheMostUsedAreWarmedOnRequest() {
        hottest.put("user", List.of("7", "3"));
        FewEntries source = users(numbered(9));
        assertThat(warmer(source).warmMostUsed("user").warmed()).isEqualTo(2);
        assertThat(source.asked).containsExactly("7", "3");
    }

    @Test
    void aSourceThatGivesEverythingIsNotAskedByKeys() {
        hottest.put("roles", List.of("7"));
        FewEntries source = new FewEntries("roles", Map.of()) {
            @Override
            public Map<String, Object> everything() {
                return numbered(9);
            }
        };
        assertThat(warmer(source).warmRoles().warmed()).isEqualTo(9);
        assertThat(source.asked).isEmpty();
        assertThat(cache.keySet()).startsWith("roles:7", "roles:0");
    }

    @Test
    void keysAreAskedForByHundreds() {
        List<Integer> batches = new ArrayList<>();
        WarmupSource source = new FewEntries("user", numbered(250)) {
            @Override
            public @Nullable Map<String, Object> loadAll(Collection<String> keys) {
                batches.add(keys.size());
                return keys.stream().collect(Collectors.toMap(key -> key, key -> key));
            }
        };
        assertThat(warmer(source).warmAll().warmed()).isEqualTo(250);
        assertThat(batches).containsExactly(100, 100, 50);
    }

    @Test
    void eachKeyOfAFailedBatchGetsAChanceOfItsOwn() {
        FewEntries source = new FewEntries("user", Map.of("1", "Ann", "2", new IllegalStateException())) {
            @Override
            public @Nullable Map<String, Object> loadAll(Collection<String> keys) {
                throw new IllegalStateException("one of them");
            }
        };
        assertThat(warmer(source).warmUserData(List.of("1", "2")))
                .isEqualTo(new WarmupReport("user", 1, 0, 1, Duration.ZERO, true));
    }

    @Test
    void goesNoFasterThanTheRate() {
        settings = Map.of("GATEHOUSE_WARM_RATE", "50");
        WarmupReport report = warmer(users(numbered(200))).warmAll();
        assertThat(report.warmed()).isEqualTo(200);
        assertThat(report.took()).isEqualTo(Duration.ofSeconds(3)); // the first fifty at once
    }

    @Test
    void stopsWhenItsTimeIsUp() {
        settings = Map.of("GATEHOUSE_WARM_RATE", "100", "GATEHOUSE_WARM_DEADLINE", "3s");
        WarmupReport report = warmer(users(numbered(1000))).warmAll();
        assertThat(report).isEqualTo(new WarmupReport("all", 300, 0, 0, Duration.ofSeconds(2), false));
    }

    @Test
    void stopsInsideABatchWhenASourceIsSlow() {
        settings = Map.of("GATEHOUSE_WARM_DEADLINE", "30s");
        FewEntries slow = new FewEntries("user", numbered(1000)) {
            @Override
            public @Nullable Object load(String key) throws Exception {
                now.addAndGet(Duration.ofSeconds(7).toNanos());
                return super.load(key);
            }
        };
        WarmupReport report = warmer(slow).warmAll();
        assertThat(report).isEqualTo(new WarmupReport("all", 5, 0, 0, Duration.ofSeconds(35), false));
    }

    @Test
    void warmupReportsItsProgress() {
        List<String> told = new ArrayList<>();
        warmer(users(numbered(150))).warm("user", (done, total, what) -> told.add(what + " " + done + "/" + total));
        assertThat(told)
                .startsWith("user 0/150")
                .contains("user 37/150", "user 100/150")
                .endsWith("user 150/150");
    }

    @Test
    void aListenerCanStopTheWarmup() {
        DefaultWarmer warmer = warmer(users(numbered(500)));
        assertThatThrownBy(() -> warmer.warmAll((done, total, what) -> {
                    if (done >= 200) {
                        throw new CancellationException("enough");
                    }
                }))
                .isInstanceOf(CancellationException.class);
        assertThat(cache).hasSize(200);
    }

    @Test
    void warmupRunsInAnotherThreadAndReports() {
        CompletableFuture<WarmupReport> report =
                warmer(users(Map.of("1", "Ann"))).warmUserDataAsync(List.of("1"));
        assertThat(report).isNotDone();
        later.remove().run();
        assertThat(report).isCompletedWithValue(new WarmupReport("user", 1, 0, 0, Duration.ZERO, true));
    }

    @Test
    void aScopeThatNobodyKnowsIsWarmedAtOnce() {
        assertThat(warmer().warmOauthProviders()).isEqualTo(new WarmupReport("oauth", 0, 0, 0, Duration.ZERO, true));
    }
}
