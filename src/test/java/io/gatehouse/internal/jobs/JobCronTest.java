package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** Cron expressions on two nodes whose clocks the test moves. All times are in the past of Redis, unless a test says otherwise. */
class JobCronTest extends JobNodes {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Instant EVENING = Instant.parse("2026-01-01T20:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final Node first = new Node(first(LONG), "0 3 * * *");
    private final Node second = new Node(second(LONG), "0 3 * * *");

    JobCronTest(Topology topology) {
        super(topology);
    }

    /** A node with a job at a fixed time. */
    private static final class Node {
        private final RedisJobs jobs;
        private Instant now = EVENING;
        private JobTicker ticker;

        Node(RedisJobs jobs, String cron) {
            this.jobs = jobs;
            jobs.register("warm", context -> JobResult.of("done"), JobOptions.DEFAULT.withCron(cron, ZoneId.of("UTC")));
            this.ticker = restarted();
        }

        private JobTicker restarted() {
            return new JobTicker(jobs, () -> now, new OutageLogger());
        }

        void restart() {
            ticker.close();
            ticker = restarted();
        }

        void tickAt(Instant time) {
            now = time;
            ticker.tick();
        }
    }

    /** Ends the run that is queued, and returns whether there was one. */
    private boolean endRun() {
        JobClaim claim = first.jobs.claim(NAMES).orElse(null);
        if (claim != null) {
            assertThat(first.jobs.signed(claim)).isPresent();
            first.jobs.finish(claim, JobState.SUCCEEDED, JobProgress.NONE, null);
        }
        return claim != null;
    }

    private static Instant night(int day, int second) {
        return Instant.parse("2026-01-01T03:00:00Z").plus(DAY.multipliedBy(day)).plusSeconds(second);
    }

    @Test
    void eachFireTimeIsRunOnceInTheCluster() {
        first.tickAt(EVENING);
        second.tickAt(EVENING);
        assertThat(endRun()).as("a new expression does not catch up").isFalse();
        first.tickAt(night(1, -1));
        assertThat(endRun()).isFalse();
        first.tickAt(night(1, 0));
        assertThat(endRun()).isTrue();
        second.tickAt(night(1, 2));
        first.tickAt(night(1, 3));
        assertThat(endRun()).as("the second node is slow by two seconds").isFalse();
        second.tickAt(night(2, 0));
        first.tickAt(night(2, 0));
        assertThat(endRun()).isTrue();
        assertThat(endRun()).isFalse();
        assertEveryKeyHasATimeToLive();
    }

    @Test
    void fireTimesThatWereMissedAreCaughtUpOnOnce() {
        first.tickAt(EVENING);
        first.tickAt(night(1, 0));
        assertThat(endRun()).isTrue();
        first.restart();
        first.tickAt(night(10, 3600));
        second.restart();
        second.tickAt(night(10, 3601));
        assertThat(endRun()).as("one run for nine nights").isTrue();
        assertThat(endRun()).isFalse();
        first.tickAt(night(11, 0));
        assertThat(endRun()).isTrue();
    }

    @Test
    void anApplicationThatSubmitsTheJobOnceAPeriodDoesNotRepeatAFireTime() {
        first.tickAt(EVENING);
        second.tickAt(EVENING);
        first.tickAt(night(1, 0));
        assertThat(endRun()).isTrue();
        assertThat(first.jobs.submitOnce("warm", DAY)).isPresent();
        assertThat(endRun()).isTrue();
        second.tickAt(night(1, 2));
        assertThat(endRun()).as("the second node is slow by two seconds").isFalse();
    }

    @Test
    void aNodeThatWasFrozenRunsAJobOnce() {
        first.tickAt(EVENING);
        first.tickAt(night(5, 60));
        assertThat(endRun()).isTrue();
        first.tickAt(night(5, 61));
        assertThat(endRun()).isFalse();
    }

    @Test
    void aChangedExpressionDoesNotCatchUp() {
        first.tickAt(EVENING);
        first.tickAt(night(1, 0));
        assertThat(endRun()).isTrue();
        Node changed = new Node(second(LONG), "0 5 * * *");
        changed.tickAt(night(1, 3 * 3600));
        assertThat(endRun()).isFalse();
        changed.tickAt(night(2, 2 * 3600));
        assertThat(endRun()).isTrue();
    }

    @Test
    void aFireTimeIsSkippedWhileARunIsQueuedOrRunning() {
        first.tickAt(EVENING);
        first.tickAt(night(1, 0));
        second.tickAt(night(2, 0));
        first.tickAt(night(2, 0));
        assertThat(endRun()).isTrue();
        assertThat(endRun()).isFalse();
    }

    @Test
    void aNodeWithAFastClockWaitsForTheClockOfRedis() {
        Instant ahead = Instant.now().plus(DAY.multipliedBy(2));
        first.tickAt(ahead);
        first.tickAt(ahead.plusSeconds(1));
        first.tickAt(ahead.plus(DAY));
        assertThat(endRun()).isFalse();
    }

    @Test
    void aNodeWhoseClockIsAheadByMoreThanAPeriodFiresByTheClockOfRedis() {
        Node fast = new Node(second(LONG), "* * * * *");
        Instant redisTime = Instant.now();
        fast.tickAt(redisTime.minusSeconds(300));
        fast.tickAt(redisTime.plusSeconds(600));
        assertThat(endRun()).isTrue();
    }
}
