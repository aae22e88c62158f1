package io.gatehouse.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.rules.RuleFile.Content;
import io.gatehouse.internal.rules.RuleReader.Outcome;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how soon a change of the rule file is applied. */
class RuleFileWatcherTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Path file;
    private final Manual executor = new Manual();

    /** An executor that runs its task when a test calls tick. */
    private static final class Manual extends ScheduledThreadPoolExecutor {
        private final List<Runnable> work = new ArrayList<>();
        private Duration pause = Duration.ZERO;

        Manual() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
            work.add(command);
            pause = Duration.of(Math.max(first, delay), unit.toChronoUnit());
            return super.schedule(() -> {}, 1, TimeUnit.HOURS);
        }

        void tick() {
            work.forEach(Runnable::run);
        }
    }

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("limits");
        write("one");
    }

    private void write(String name) throws IOException {
        Files.writeString(file, name + ".level = ip\n" + name + ".limit = 1/s\n");
    }

    private RuleSource rules() {
        RuleFile from = new RuleFile(file.toString(), (text, into) -> {
            throw new IllegalStateException("a parser with a fault");
        });
        Content content = from.load();
        return new RuleSource(from, content, ((Outcome.Accepted) from.parse(content)).rules());
    }

    private static String name(RuleSource ruleSource) {
        return ruleSource.get().rules().get(0).name();
    }

    @Test
    void aChangeIsAppliedWithinTenSecondsEvenIfTheFileKeepsChanging() throws IOException {
        RuleSource ruleSource = rules();
        try (RuleFileWatcher watch = new RuleFileWatcher(ruleSource, executor)) {
            assertThat(watch).isNotNull();
            write("two");
            executor.tick();
            executor.tick();
            assertThat(name(ruleSource)).isEqualTo("two");
            for (int i = 1; i <= RuleSource.MAX_UNSTABLE_READS; i++) {
                write("changed-" + i);
                executor.tick();
            }
            assertThat(name(ruleSource)).isEqualTo("changed-" + RuleSource.MAX_UNSTABLE_READS);
            assertThat(executor.pause.multipliedBy(RuleSource.MAX_UNSTABLE_READS))
                    .isLessThan(TEN_SECONDS);
        }
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void aFailedPollIsFollowedByTheNext() throws IOException {
        RuleSource ruleSource = rules();
        try (RuleFileWatcher watch = new RuleFileWatcher(ruleSource, executor);
                LogCapture log = new LogCapture("io.gatehouse.internal.rules")) {
            assertThat(watch).isNotNull();
            Files.writeString(file, "{}");
            executor.tick();
            executor.tick();
            executor.tick();
            assertThat(log.lines()).singleElement().asString().startsWith("WARNING cannot read the rate-limit file");
            write("two");
            executor.tick();
            executor.tick();
            assertThat(name(ruleSource)).isEqualTo("two");
        }
    }

    @Test
    void pollsOnItsOwnThreadAndStopsIt() throws IOException {
        RuleSource ruleSource = rules();
        try (RuleFileWatcher watch = RuleFileWatcher.start(ruleSource, RuleFileWatcherTest.class.getClassLoader())) {
            assertThat(watch).isNotNull();
            write("two");
            Eventually.within(TEN_SECONDS, () -> assertThat(name(ruleSource)).isEqualTo("two"));
        }
        // an executor has terminated shortly before its thread has
        Eventually.within(
                TEN_SECONDS,
                () -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().equals("gatehouse-rules")));
    }
}
