package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.jobs.RunningJob.Stop;
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
 * Does the runs whose names this node knows, one at a time: claims about each second, has the work done by an executor, and
 * ends the run. A {@link LeaseRenewer} renews the lease meanwhile. A node that has lost a run, because it could not renew for as
 * long as the lease is, tells its work to stop and ends nothing; whatever the work brings is refused by the fencing token.
 *
 * <p>While Redis is away the runner tries again and again, and says so once. Safe for use by several threads.
 */
public final class JobRunner implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JobRunner.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TO_STOP = Duration.ofSeconds(2);
    private static final Duration TO_BE_LEFT = Duration.ofSeconds(1);

    private final RedisJobs jobs;
    private final Executor executor;
    private final Duration pause;
    private final JobObserver observer;
    private final OutageLogger outageLogger = new OutageLogger();
    private final LeaseRenewer keeper;
    private final Map<String, JobHandler> works = new ConcurrentHashMap<>();
    private final Thread claimer = new Thread(this::claimUntilClosed, "gatehouse-jobs");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable RunningJob current;

    /**
     * Idle until started.
     *
     * @param executor does the works, one at a time; may be the server's managed one
     * @param observer told how runs end
     */
    public JobRunner(RedisJobs jobs, Executor executor, JobObserver observer) {
        this(jobs, executor, PAUSE, observer);
    }

    /** With another pause after a look that found nothing to do. */
    JobRunner(RedisJobs jobs, Executor executor, Duration pause) {
        this(jobs, executor, pause, JobObserver.NONE);
    }

    JobRunner(RedisJobs jobs, Executor executor, Duration pause, JobObserver observer) {
        this.jobs = jobs;
        this.observer = observer;
        this.executor = executor;
        this.pause = pause;
        this.keeper = new LeaseRenewer(jobs, outageLogger);
        this.claimer.setDaemon(true);
    }

    /**
     * From now on this node does the runs of a name.
     *
     * @throws IllegalArgumentException if it is no name, or has a work already
     */
    public void register(String name, JobHandler work) {
        RedisJobs.checkName(name);
        if (works.putIfAbsent(name, work) != null) {
            throw new IllegalArgumentException("job " + name + " has a work already; expected one for each name");
        }
    }

    /** Begins to claim; once. */
    public void start() {
        claimer.start();
        keeper.start();
    }

    /** The name of the run that this node does now, if it does one. */
    public Optional<String> running() {
        RunningJob job = current;
        return job == null ? Optional.empty() : Optional.of(job.details().name());
    }

    private void claimUntilClosed() {
        boolean more = true;
        while (!closing(more ? Duration.ZERO : pause)) {
            try {
                more = pollOnce();
                outageLogger.over();
            } catch (GatehouseException e) {
                outageLogger.noted(e);
                more = false;
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a run could not be done", e);
                more = false;
            }
        }
    }

    /** Does one run if there is one. */
    private boolean pollOnce() {
        Set<String> names = Set.copyOf(works.keySet());
        long before = System.nanoTime();
        JobClaim jobClaim = names.isEmpty() ? null : jobs.claim(names).orElse(null);
        if (jobClaim == null) {
            return false;
        }
        JobRun run = jobs.signed(jobClaim).orElse(null);
        JobHandler work = run == null ? null : works.get(run.name());
        if (run == null || work == null) {
            fail(jobClaim, JobProgress.NONE.saying("not signed by this application's keys"));
        } else if (jobClaim.order() == JobClaim.ClaimAction.END_CANCELLED) {
            jobs.finish(jobClaim, JobState.CANCELLED, JobProgress.NONE.saying("cancelled"), null);
        } else if (jobClaim.order() == JobClaim.ClaimAction.END_GIVEN_UP) {
            fail(jobClaim, JobProgress.NONE.saying("given up after " + JobStore.ATTEMPTS + " attempts"));
        } else {
            return perform(new RunningJob(jobClaim, run, work), before);
        }
        return true;
    }

    /** Says whether it could be begun. */
    private boolean perform(RunningJob job, long heldSince) {
        boolean begun = true;
        keeper.hold(job, heldSince);
        current = job;
        try {
            if (closing(Duration.ZERO)) {
                job.stop(Stop.CLOSING);
                job.interrupt();
            }
            executor.execute(job);
            job.join();
        } catch (RejectedExecutionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the executor refused job {0}",
                    job.details().name());
            job.stop(Stop.CLOSING);
            begun = false;
        } catch (InterruptedException e) {
            job.stop(Stop.CLOSING); // the work does not hear; its fencing token is worth nothing from now on
        }
        try {
            end(job);
        } finally {
            current = null;
            keeper.letGo(job);
        }
        return begun;
    }

    private void end(RunningJob job) {
        JobResult result = job.result();
        Throwable failure = job.failure();
        JobProgress jobProgress = job.progress();
        if (result != null) {
            finish(job, JobState.SUCCEEDED, jobProgress, result);
            return;
        }
        switch (job.stop()) {
            case CANCELLED -> finish(job, JobState.CANCELLED, jobProgress.saying("cancelled"), null);
            case CLOSING -> finish(job, JobState.QUEUED, jobProgress, null);
            case LOST ->
                LOG.log(
                        System.Logger.Level.WARNING,
                        "job {0} has lost its lease, another node may do it",
                        job.details().name());
            case NONE -> {
                String why = failure == null
                        ? "the work gave null; expected a result"
                        : failure.getClass().getName() + ": " + failure.getMessage();
                finish(job, JobState.FAILED, jobProgress.saying(why), null);
            }
        }
    }

    /** Tries as long as it takes, because what is done need not be done again; the lease is kept meanwhile. */
    private void finish(RunningJob job, JobState state, JobProgress jobProgress, @Nullable JobResult result) {
        Duration took = job.age();
        while (true) {
            try {
                boolean ours = jobs.finish(job.claim(), state, jobProgress, result);
                outageLogger.over();
                if (!ours) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "job {0} ended too late, another node had it",
                            job.details().name());
                } else if (state == JobState.FAILED) {
                    warn(job.claim(), jobProgress);
                }
                if (ours && state.isFinal()) {
                    tell(job.details().name(), state, took);
                }
                return;
            } catch (GatehouseException e) {
                outageLogger.noted(e);
                if (closing(pause)) {
                    return; // another node takes it when the lease is over
                }
            }
        }
    }

    private void tell(String name, JobState state, Duration took) {
        try {
            observer.ended(name, state, took);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "an observer of jobs failed", e);
        }
    }

    private void fail(JobClaim jobClaim, JobProgress jobProgress) {
        if (jobs.finish(jobClaim, JobState.FAILED, jobProgress, null)) {
            warn(jobClaim, jobProgress);
        }
    }

    private static void warn(JobClaim jobClaim, JobProgress jobProgress) {
        LOG.log(
                System.Logger.Level.WARNING,
                "job {0} failed: {1}",
                JobProgress.clip(jobClaim.fields().getOrDefault("name", ""), 64),
                jobProgress.message());
    }

    /** Waits for the end of this runner, or so long; says whether it is to end. */
    private boolean closing(Duration atMost) {
        try {
            return closed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // only we interrupt this thread, and only at the end
        }
    }

    /** Waits until its threads have ended, after closing; says whether they have. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean ended = keeper.awaitEnd(atMost);
        claimer.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        return ended && !claimer.isAlive();
    }

    /**
     * Stops. A work that is under way is interrupted and its run given back, so that another node goes on at once; one that
     * has not stopped after two seconds is left behind.
     */
    @Override
    public void close() {
        closed.countDown();
        RunningJob job = current;
        if (job != null) {
            job.stop(Stop.CLOSING);
            job.interrupt();
        }
        try {
            claimer.join(TO_STOP.toMillis());
            claimer.interrupt();
            claimer.join(TO_BE_LEFT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            keeper.close();
        }
    }
}
