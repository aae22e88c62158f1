package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobRefusedException;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The names of jobs: which ones the nodes know, and which ones are refused. */
class JobNamesTest extends JobNodes {
    private static final Duration VALID = Duration.ofMinutes(1);
    private static final JobHandler HANDLER = context -> JobResult.of("done");

    private final RedisJobs first = first(VALID);
    private final RedisJobs second = second(VALID);

    JobNamesTest(Topology topology) {
        super(topology);
    }

    @Test
    void aNameThatNoNodeKnowsIsRefusedWithTheKnownNames() {
        second.announce(List.of("warm", "send-invoices"), VALID);
        first.checkNames();
        assertThat(first.submit("send-invoices", Map.of())).isNotEmpty();
        assertThatThrownBy(() -> first.submit("send-invoice", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No node knows the job 'send-invoice'; expected one of send-invoices, warm");
        assertThatThrownBy(() -> first.submitOnce("send-invoice", VALID)).isInstanceOf(IllegalArgumentException.class);
        assertThat(first.history(10)).hasSize(1);
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void namesOfAnyNodeAreKnownDuringARollingUpdate() {
        first.announce(List.of("old", "warm"), VALID);
        second.announce(List.of("new", "warm"), VALID);
        RedisJobs command = first(VALID);
        command.checkNames();
        assertThat(command.names()).containsExactly("new", "old", "warm");
        assertThat(command.submit("old", Map.of())).isNotEmpty();
        assertThat(command.submit("new", Map.of())).isNotEmpty();
        first.announce(List.of(), VALID);
        assertThat(command.names()).containsExactly("new", "warm");
        assertThatThrownBy(() -> command.submit("old", Map.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRunIsRefusedWhileNoNodeIsAlive() {
        first.announce(List.of("warm"), Duration.ofMillis(1));
        Eventually.holds(
                "the node has expired",
                Duration.ofSeconds(5),
                () -> second.names().isEmpty());
        second.checkNames();
        assertThatThrownBy(() -> second.submit("warm", Map.of()))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("No node of the application is alive");
        second.register("warm", HANDLER);
        assertThat(second.submit("warm", Map.of())).as("this node runs it").isNotEmpty();
    }

    @Test
    void aRunnerPublishesItsNames() {
        first.register("send-invoices", HANDLER);
        try (JobRunner runner = new JobRunner(first, Runnable::run, Duration.ofMillis(20))) {
            runner.start();
            Eventually.within(
                    Duration.ofSeconds(10), () -> assertThat(second.names()).containsExactly("send-invoices"));
            second.checkNames();
            String id = second.submit("send-invoices", Map.of());
            assertThat(second.await(id, Duration.ofSeconds(10)).state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void refusesNamesAndOptionsThatCannotWork() {
        first.registry().reserve(Set.of("warm-all", "warm-users"));
        refused("warm-all", JobOptions.DEFAULT, "has the name of a built-in job; expected another name than warm-all");
        refused("Send Invoices", JobOptions.DEFAULT, "Invalid job name 'Send Invoices'");
        refused("a,b\0", JobOptions.DEFAULT, "Invalid job name");
        refused("nightly", JobOptions.DEFAULT.withCron("0 0 30 2 *", ZoneId.of("UTC")), "Job nightly of io.gatehouse");
        refused("nightly", JobOptions.DEFAULT.withCron("0 0 30 2 *", ZoneId.of("UTC")), "never fires");
        first.register("nightly", HANDLER);
        refused("nightly", JobOptions.DEFAULT, "Job nightly has two handlers: io.gatehouse.internal.jobs.JobNamesTest");
        assertThatThrownBy(() -> JobOptions.DEFAULT.withAttempts(0)).hasMessageContaining("expected 1 to 100");
        assertThatThrownBy(() -> JobOptions.DEFAULT.withBackoff(Duration.ofMillis(-1)))
                .hasMessageContaining("expected 0 to one day");
        assertThatThrownBy(() -> JobOptions.DEFAULT.withTimeout(Duration.ZERO))
                .hasMessageContaining("expected one millisecond to one day");
    }

    private void refused(String name, JobOptions options, String message) {
        assertThatThrownBy(() -> first.register(name, HANDLER, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
