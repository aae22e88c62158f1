package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.jobs.RunningJob.StopReason;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Executes the runs of the jobs that this node has handlers for, one at a time. A thread polls the queue about once a second,
 * claims a run, lets an executor call the handler, and stores the outcome.
 *
 * <p>A claim is a lease: the run belongs to this node for {@link RedisJobs#lease}, and a {@link LeaseRenewer} extends it. If the
 * node dies, the lease expires and another node claims the run. If the node cannot renew in time, it must assume that another
 * node has the run: the handler is asked to stop and its result is discarded. Each claim gets a higher fencing token, and Redis
 * rejects a renewal or an end with an outdated token, so that an outcome is never stored by a former holder of the lease.
 *
 * <p>While Redis is unavailable the runner keeps trying and logs the outage once. Thread-safe.
 */
public final class JobRunner implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JobRunner.class.getName());
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(1);

    private final RedisJobs jobs;
    private final Executor executor;
    private final Duration pollInterval;
    private final JobObserver observer;
    private final OutageLogger outageLogger = new OutageLogger();
    private final LeaseRenewer renewer;
    private final Map<String, JobHandler> handlers = new ConcurrentHashMap<>();
    private final Thread claimer = new Thread(this::claimUntilClosed, "gatehouse-jobs");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable RunningJob current;

    /**
     * Creates a runner that does nothing until it is started.
     *
     * @param executor calls the handlers, one at a time; may be the managed executor of the server
     * @param observer is notified of the ends of runs
     */
    public JobRunner(RedisJobs jobs, Executor executor, JobObserver observer) {
        this(jobs, executor, POLL_INTERVAL, observer);
    }

    /** Creates a runner with another poll interval. */
    JobRunner(RedisJobs jobs, Executor executor, Duration pollInterval) {
        this(jobs, executor, pollInterval, JobObserver.NONE);
    }

    JobRunner(RedisJobs jobs, Executor executor, Duration pollInterval, JobObserver observer) {
        this.jobs = jobs;
        this.observer = observer;
        this.executor = executor;
        this.pollInterval = pollInterval;
        this.renewer = new LeaseRenewer(jobs, outageLogger);
        this.claimer.setDaemon(true);
    }

    /**
     * Registers the handler of a job, so that this node executes its runs.
     *
     * @throws IllegalArgumentException if the name is invalid or has a handler already
     */
    public void register(String name, JobHandler handler) {
        RedisJobs.checkName(name);
        if (handlers.putIfAbsent(name, handler) != null) {
            throw new IllegalArgumentException("Job " + name + " already has a handler; expected one for each job");
        }
    }

    /** Starts to claim runs; to be called once. */
    public void start() {
        claimer.start();
        renewer.start();
    }

    /** Returns the name of the job that this node executes now, or empty if it is idle. */
    public Optional<String> running() {
        RunningJob job = current;
        return job == null ? Optional.empty() : Optional.of(job.details().name());
    }

    private void claimUntilClosed() {
        boolean more = true;
        while (!awaitClose(more ? Duration.ZERO : pollInterval)) {
            try {
                more = pollOnce();
                outageLogger.onSuccess();
            } catch (GatehouseException e) {
                outageLogger.onFailure(e);
                more = false;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "Could not execute a run", e);
                more = false;
            }
        }
    }

    /** Claims and executes one run; returns whether there was one. */
    private boolean pollOnce() {
        Set<String> names = Set.copyOf(handlers.keySet());
        long before = System.nanoTime();
        JobClaim claim = names.isEmpty() ? null : jobs.claim(names).orElse(null);
        if (claim == null) {
            return false;
        }
        JobRun run = jobs.signed(claim).orElse(null);
        JobHandler handler = run == null ? null : handlers.get(run.name());
        if (run == null || handler == null) {
            fail(claim, JobProgress.NONE.withMessage("not signed by a key of this application"));
        } else if (claim.action() == JobClaim.ClaimAction.END_CANCELLED) {
            jobs.finish(claim, JobState.CANCELLED, JobProgress.NONE.withMessage("cancelled"), null);
        } else if (claim.action() == JobClaim.ClaimAction.END_GIVEN_UP) {
            fail(claim, JobProgress.NONE.withMessage("given up after " + JobStore.MAX_ATTEMPTS + " attempts"));
        } else {
            return execute(new RunningJob(claim, run, traced(run.name(), handler)), before);
        }
        return true;
    }

    private JobHandler traced(String name, JobHandler handler) {
        return context -> {
            try (Span span = observer.begin(name)) {
                try {
                    return handler.run(context);
                } catch (Throwable e) {
                    span.failed(e);
                    throw e;
                }
            }
        };
    }

    /** Executes a run and stores its outcome; returns whether the executor accepted it. */
    private boolean execute(RunningJob job, long heldSince) {
        boolean accepted = true;
        renewer.hold(job, heldSince);
        current = job;
        try {
            if (awaitClose(Duration.ZERO)) {
                job.stop(StopReason.CLOSING);
                job.interrupt();
            }
            executor.execute(job);
            job.join();
        } catch (RejectedExecutionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The executor rejected job {0}",
                    job.details().name());
            job.stop(StopReason.CLOSING);
            accepted = false;
        } catch (InterruptedException e) {
            job.stop(StopReason.CLOSING); // the handler ignores the interrupt; its fencing token becomes outdated
        }
        try {
            end(job);
        } finally {
            current = null;
            renewer.release(job);
        }
        return accepted;
    }

    private void end(RunningJob job) {
        JobResult result = job.result();
        Throwable failure = job.failure();
        JobProgress progress = job.progress();
        if (result != null) {
            finish(job, JobState.SUCCEEDED, progress, result);
            return;
        }
        switch (job.stop()) {
            case CANCELLED -> finish(job, JobState.CANCELLED, progress.withMessage("cancelled"), null);
            case CLOSING -> finish(job, JobState.QUEUED, progress, null);
            case LOST ->
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Job {0} has lost its lease; another node may execute it",
                        job.details().name());
            case NONE -> {
                String reason = failure == null
                        ? "the handler returned null; expected a result"
                        : failure.getClass().getName() + ": " + failure.getMessage();
                finish(job, JobState.FAILED, progress.withMessage(reason), null);
            }
        }
    }

    /** Stores the outcome, with retries until Redis is available: completed work must not be repeated. The lease is renewed meanwhile. */
    private void finish(RunningJob job, JobState state, JobProgress progress, @Nullable JobResult result) {
        Duration took = job.age();
        while (true) {
            try {
                boolean stored = jobs.finish(job.claim(), state, progress, result);
                outageLogger.onSuccess();
                if (!stored) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "Job {0} ended after its lease; another node has the run",
                            job.details().name());
                } else if (state == JobState.FAILED) {
                    warn(job.claim(), progress);
                }
                if (stored && state.isFinal()) {
                    notifyObserver(job.details().name(), state, took);
                }
                return;
            } catch (GatehouseException e) {
                outageLogger.onFailure(e);
                if (awaitClose(pollInterval)) {
                    return; // another node claims the run when the lease has expired
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

    private void fail(JobClaim claim, JobProgress progress) {
        if (jobs.finish(claim, JobState.FAILED, progress, null)) {
            warn(claim, progress);
        }
    }

    private static void warn(JobClaim claim, JobProgress progress) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Job {0} failed: {1}",
                JobProgress.clip(claim.fields().getOrDefault("name", ""), 64),
                progress.message());
    }

    /** Waits until the runner is closed or the timeout has passed; returns whether it is closed. */
    private boolean awaitClose(Duration timeout) {
        try {
            return closed.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // only close() interrupts this thread
        }
    }

    /** Waits until the threads of a closed runner have ended; returns whether they have. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean ended = renewer.awaitEnd(timeout);
        claimer.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        return ended && !claimer.isAlive();
    }

    /**
     * Stops the runner. A handler that is running is interrupted, and its run returned to the queue for another node. A handler that
     * has not stopped after two seconds is abandoned.
     */
    @Override
    public void close() {
        closed.countDown();
        RunningJob job = current;
        if (job != null) {
            job.stop(StopReason.CLOSING);
            job.interrupt();
        }
        try {
            claimer.join(STOP_TIMEOUT.toMillis());
            claimer.interrupt();
            claimer.join(INTERRUPT_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            renewer.close();
        }
    }
}
