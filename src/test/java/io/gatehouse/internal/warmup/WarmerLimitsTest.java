package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.config.Config;
import io.gatehouse.warmup.FewEntries;
import io.gatehouse.warmup.WarmupReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rate, deadline, progress, interruption and asynchronous runs of a {@link DefaultWarmer}. */
class WarmerLimitsTest extends WarmerFixture {
    @Test
    void anInterruptedThreadStopsTheWarmupAndKeepsItsFlag() {
        FewEntries byKey = new FewEntries("user", numbered(3)) {
            @Override
            public Object load(String key) throws Exception {
                loaded.add(key);
                throw new InterruptedException();
            }
        };
        assertInterrupted(warmer(byKey).warmUserData(List.of("0", "1", "2")));
        assertThat(byKey.loaded).containsExactly("0");

        FewEntries atOnce = new FewEntries("roles", numbered(3)) {
            @Override
            public Map<String, Object> loadEverything() throws Exception {
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
        assertThat(inBulk.loaded).isEmpty();
    }

    private static void assertInterrupted(WarmupReport report) {
        assertThat(Thread.interrupted()).as("the flag").isTrue();
        assertThat(report.complete()).isFalse();
        assertThat(report.warmed()).isZero();
    }

    @Test
    void aRejectedAsynchronousWarmupFailsItsFuture() {
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
    void warmsNoFasterThanTheRate() {
        settings = Map.of("GATEHOUSE_WARM_RATE", "50");
        WarmupReport report = warmer(users(numbered(200))).warmAll();
        assertThat(report.warmed()).isEqualTo(200);
        assertThat(report.took()).isEqualTo(Duration.ofSeconds(3)); // the first fifty at once
    }

    @Test
    void stopsTheWarmupAtItsDeadline() {
        settings = Map.of("GATEHOUSE_WARM_RATE", "100", "GATEHOUSE_WARM_DEADLINE", "3s");
        WarmupReport report = warmer(users(numbered(1000))).warmAll();
        assertThat(report).isEqualTo(new WarmupReport("all", 300, 0, 0, Duration.ofSeconds(2), false));
    }

    @Test
    void stopsTheWarmupInsideABatchIfASourceIsSlow() {
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
        List<String> reported = new ArrayList<>();
        warmer(users(numbered(150)))
                .warm("user", (done, total, scope) -> reported.add(scope + " " + done + "/" + total));
        assertThat(reported)
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
    void anAsynchronousWarmupRunsInTheExecutorAndReports() {
        CompletableFuture<WarmupReport> report =
                warmer(users(Map.of("1", "Ann"))).warmUserDataAsync(List.of("1"));
        assertThat(report).isNotDone();
        later.remove().run();
        assertThat(report).isCompletedWithValue(new WarmupReport("user", 1, 0, 0, Duration.ZERO, true));
    }
}
