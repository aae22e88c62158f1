package io.gatehouse.internal.jobs;

import io.gatehouse.jobs.JobCancelledException;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to execute a run on this node: the context that the handler sees, the request to stop, and the outcome. It ends when
 * the handler returns, or when it is interrupted before the handler has started. Thread-safe.
 */
final class RunningJob implements JobContext, Runnable {
    private final JobClaim claim;
    private final JobRun run;
    private final JobDefinition definition;
    private final long startedAt = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile JobProgress progress = JobProgress.NONE;
    private volatile StopReason stop = StopReason.NONE;
    private @Nullable Thread worker;
    private volatile boolean started;
    private boolean closed;
    private volatile @Nullable JobResult result;
    private volatile @Nullable Throwable failure;

    /** Why the handler must stop; a later reason overrides an earlier one. */
    enum StopReason {
        NONE,
        TIMED_OUT,
        CANCELLED,
        CLOSING,
        LOST
    }

    RunningJob(JobClaim claim, JobRun run, JobDefinition definition) {
        this.claim = claim;
        this.run = run;
        this.definition = definition;
    }

    JobClaim claim() {
        return claim;
    }

    JobDefinition definition() {
        return definition;
    }

    JobRun details() {
        return run;
    }

    /** Returns the time since the claim. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    JobProgress progress() {
        return progress;
    }

    /** Returns the result, or null if the handler has not ended or has failed. */
    @Nullable
    JobResult result() {
        return result;
    }

    /** Returns what the handler threw, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    StopReason stop() {
        return stop;
    }

    synchronized void stop(StopReason reason) {
        if (reason.compareTo(stop) > 0) {
            stop = reason;
        }
    }

    /** Interrupts the handler, or prevents its start. */
    synchronized void interrupt() {
        if (worker != null) {
            worker.interrupt();
        } else {
            closed = true;
            ended.countDown();
        }
    }

    /** Returns whether the handler was called. */
    boolean hasStarted() {
        return started;
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits until the handler has ended or was prevented from starting, or the timeout has passed; returns whether it has ended. */
    boolean join(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        if (!tryStart()) {
            return;
        }
        try {
            result = definition.handler().run(this);
        } catch (Throwable e) {
            failure = e;
        } finally {
            end();
        }
    }

    private synchronized boolean tryStart() {
        if (closed) {
            return false;
        }
        started = true;
        worker = Thread.currentThread();
        return true;
    }

    /** Clears the interrupt flag: a late interrupt must not reach the next task of the thread. */
    private synchronized void end() {
        worker = null;
        closed = true;
        Thread.interrupted();
        ended.countDown();
    }

    @Override
    public Map<String, Object> arguments() {
        return run.arguments();
    }

    @Override
    public void progress(long done, long total, String message) {
        progress = new JobProgress(done, total, message);
    }

    @Override
    public void checkCancelled() {
        switch (stop) {
            case NONE -> {}
            case TIMED_OUT ->
                throw new JobCancelledException("The run has exceeded its timeout of "
                        + definition.options().timeout());
            case CANCELLED -> throw new JobCancelledException("The run was cancelled");
            case CLOSING -> throw new JobCancelledException("This node stops");
            case LOST -> throw new JobCancelledException("The lease of the run has expired");
        }
    }

    @Override
    public long fencingToken() {
        return JobFields.number(claim.fields(), "fence");
    }
}
