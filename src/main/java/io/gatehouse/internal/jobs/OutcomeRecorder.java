package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.jobs.RunningJob.StopReason;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobState;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides how an attempt has ended, and stores it. A failed attempt of an application's job is repeated after a pause, and its run is
 * dead after the last attempt; a built-in job fails at once. Stores with retries until Redis is available, because completed work must
 * not be repeated; the lease is renewed meanwhile. Used by the thread of the runner only.
 */
final class OutcomeRecorder {
    private static final System.Logger LOG = System.getLogger(OutcomeRecorder.class.getName());

    private final RedisJobs jobs;
    private final JobObserver observer;
    private final OutageLogger outageLogger;
    private final DoubleSupplier random;
    private final BooleanSupplier pauseUnlessClosed;

    /**
     * Creates a recorder.
     *
     * @param random numbers from 0 to 1
     * @param pauseUnlessClosed waits before the next try, and returns whether the runner is closed
     */
    OutcomeRecorder(
            RedisJobs jobs,
            JobObserver observer,
            OutageLogger outageLogger,
            DoubleSupplier random,
            BooleanSupplier pauseUnlessClosed) {
        this.jobs = jobs;
        this.observer = observer;
        this.outageLogger = outageLogger;
        this.random = random;
        this.pauseUnlessClosed = pauseUnlessClosed;
    }

    /** Stores the outcome of an attempt, whose handler may still be running if it was stopped. */
    void end(RunningJob job) {
        JobResult result = job.result();
        JobProgress progress = job.progress();
        if (result != null) {
            finish(job, JobState.SUCCEEDED, progress, result);
            return;
        }
        switch (job.stop()) {
            case CANCELLED -> finish(job, JobState.CANCELLED, progress.withMessage("cancelled"), null);
            case CLOSING -> giveBack(job, progress);
            case LOST ->
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Job {0} has lost its lease; another node may execute it",
                        job.details().name());
            case NONE, TIMED_OUT -> fail(job, progress.withMessage(reason(job)));
        }
    }

    private static String reason(RunningJob job) {
        Throwable failure = job.failure();
        if (job.stop() == StopReason.TIMED_OUT) {
            return "timed out after " + job.definition().options().timeout();
        }
        return failure == null
                ? "the handler returned null; expected a result"
                : failure.getClass().getName() + ": " + failure.getMessage();
    }

    /** Returns a run to the queue because this node stops; a run that may be started only once is dead if it was. */
    private void giveBack(RunningJob job, JobProgress progress) {
        JobDefinition definition = job.definition();
        if (job.hasStarted() && !definition.builtIn() && definition.options().attempts() == 1) {
            finish(job, JobState.DEAD, progress.withMessage("its node stopped during its only attempt"), null);
        } else {
            finish(job, JobState.QUEUED, progress, null);
        }
    }

    private void fail(RunningJob job, JobProgress progress) {
        JobDefinition definition = job.definition();
        JobOptions options = definition.options();
        int attempts = job.details().attempts();
        if (definition.builtIn()) {
            finish(job, JobState.FAILED, progress, null);
        } else if (attempts >= options.attempts()) {
            finish(job, JobState.DEAD, progress, null);
        } else {
            Duration pause = JobBackoff.pause(options.backoff(), attempts, random.getAsDouble());
            if (!store(job, JobState.QUEUED, () -> jobs.retry(job.claim(), progress, pause))) {
                return;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Job {0} failed in attempt {1} of {2} and is repeated in {3}: {4}",
                    definition.name(),
                    attempts,
                    options.attempts(),
                    pause,
                    progress.message());
            notifyObserver(definition.name(), JobState.QUEUED, job.age());
        }
    }

    private void finish(RunningJob job, JobState state, JobProgress progress, @Nullable JobResult result) {
        Duration took = job.age();
        if (store(job, state, () -> jobs.finish(job.claim(), state, progress, result))) {
            if (state == JobState.FAILED || state == JobState.DEAD) {
                warn(job.claim(), state, progress);
            }
            if (state.isFinal()) {
                notifyObserver(job.details().name(), state, took);
            }
        }
    }

    private boolean store(RunningJob job, JobState state, BooleanSupplier call) {
        while (true) {
            try {
                boolean stored = call.getAsBoolean();
                outageLogger.onSuccess();
                if (!stored) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "Job {0} ended as {1} after its lease; another node has the run",
                            job.details().name(),
                            state.label());
                }
                return stored;
            } catch (GatehouseException e) {
                outageLogger.onFailure(e);
                if (pauseUnlessClosed.getAsBoolean()) {
                    return false; // another node claims the run when the lease has expired
                }
            }
        }
    }

    private void notifyObserver(String name, JobState state, Duration took) {
        try {
            observer.ended(name, state, took);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A job observer failed", e);
        }
    }

    /** Ends a run that was not executed. */
    void end(JobClaim claim, JobState state, String reason) {
        JobProgress progress = JobProgress.NONE.withMessage(reason);
        if (jobs.finish(claim, state, progress, null)) {
            if (state != JobState.CANCELLED) {
                warn(claim, state, progress);
            }
            notifyObserver(claim.fields().getOrDefault("name", ""), state, Duration.ZERO);
        }
    }

    private static void warn(JobClaim claim, JobState state, JobProgress progress) {
        LOG.log(
                System.Logger.Level.WARNING,
                state == JobState.DEAD ? "Job {0} is dead, run {2}: {1}" : "Job {0} failed: {1}",
                JobProgress.clip(claim.fields().getOrDefault("name", ""), 64),
                progress.message(),
                JobProgress.clip(claim.id(), 22));
    }
}
