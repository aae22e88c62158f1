package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.LogCapture;
import io.gatehouse.warmup.FewEntries;
import io.gatehouse.warmup.WarmupReport;
import io.gatehouse.warmup.WarmupSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which keys a {@link DefaultWarmer} loads, from which source, and how it counts them. */
class WarmerTest extends WarmerFixture {
    @Test
    void warmsTheGivenUsersAndCountsMissingOnes() {
        WarmupReport report =
                warmer(users(Map.of("1", "Ann", "2", "Bob", "3", "Cid"))).warmUserData(List.of("1", "3", "9", "1"));
        assertThat(report).isEqualTo(new WarmupReport("user", 2, 1, 0, Duration.ZERO, true));
        assertThat(cache).containsOnly(Map.entry("user:1", "Ann"), Map.entry("user:3", "Cid"));
    }

    @Test
    void aFailingKeyIsCountedAndDoesNotStopTheWarmup() {
        try (LogCapture log = new LogCapture("io.gatehouse.internal.warmup")) {
            WarmupReport report = warmer(
                            users(Map.of("1", "Ann", "2", new IllegalStateException("of Bob"), "3", "Cid")))
                    .warmUserData(List.of("1", "2", "3"));
            assertThat(report).isEqualTo(new WarmupReport("user", 2, 0, 1, Duration.ZERO, true));
            assertThat(log.lines())
                    .contains("WARNING 1 entries of user were not warmed, the first because of: IllegalStateException")
                    .noneMatch(line -> line.contains("Bob"));
        }
    }

    @Test
    void aSourceThatFailsAsAWholeIsCountedAndLoggedOnce() {
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
    void keysThatOneSourceLacksAreLoadedFromTheNextSource() {
        FewEntries second = users(Map.of("1", "not loaded", "2", "Bob", "3", "Cid"));
        WarmupReport report = warmer(users(Map.of("1", "Ann", "2", new IllegalStateException())), second)
                .warmUserData(List.of("1", "2", "3"));
        assertThat(report).isEqualTo(new WarmupReport("user", 3, 0, 0, report.took(), true));
        assertThat(second.loaded).containsExactly("2", "3");
    }

    @Test
    void anEntryThatTheCacheRejectsCountsAsFailed() {
        cacheAccepts = false;
        assertThat(warmer(users(Map.of("1", "Ann"))).warmUserData(List.of("1")))
                .isEqualTo(new WarmupReport("user", 0, 0, 1, Duration.ZERO, true));
    }

    @Test
    void warmsTheMostUsedKeysFirst() {
        hottest.put("roles", List.of("7", "3", "gone"));
        FewEntries source = new FewEntries("roles", numbered(9));
        WarmupReport report = warmer(source).warmRoles();
        assertThat(source.loaded).containsExactly("7", "3", "gone", "0", "1", "2", "4", "5", "6", "8");
        assertThat(report)
                .extracting(WarmupReport::warmed, WarmupReport::missing)
                .containsExactly(9L, 1L);
    }

    @Test
    void warmMostUsedLoadsOnlyTheMostUsedKeys() {
        hottest.put("user", List.of("7", "3"));
        FewEntries source = users(numbered(9));
        assertThat(warmer(source).warmMostUsed("user").warmed()).isEqualTo(2);
        assertThat(source.loaded).containsExactly("7", "3");
    }

    @Test
    void aSourceThatLoadsEverythingIsNotReadByKey() {
        hottest.put("roles", List.of("7"));
        FewEntries source = new FewEntries("roles", Map.of()) {
            @Override
            public Map<String, Object> loadEverything() {
                return numbered(9);
            }
        };
        assertThat(warmer(source).warmRoles().warmed()).isEqualTo(9);
        assertThat(source.loaded).isEmpty();
        assertThat(cache.keySet()).startsWith("roles:7", "roles:0");
    }

    @Test
    void loadsKeysInBatchesOfOneHundred() {
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
    void loadsTheKeysOfAFailedBatchOneByOne() {
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
    void aScopeWithoutSourcesIsCompleteAtOnce() {
        assertThat(warmer().warmOauthProviders()).isEqualTo(new WarmupReport("oauth", 0, 0, 0, Duration.ZERO, true));
    }
}
