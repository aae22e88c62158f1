package io.gatehouse.internal.jobs;

import io.gatehouse.jobs.JobCancelledException;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One attempt of a work on this node: what the work sees of it, what it is told from outside, and how it came out. */
final class RunningJob implements JobContext, Runnable {
    private final JobClaim jobClaim;
    private final JobRun run;
    private final JobHandler work;
    private final long begun = System.nanoTime();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile JobProgress jobProgress = JobProgress.NONE;
    private volatile Stop stop = Stop.NONE;
    private @Nullable Thread worker;
    private boolean barred;
    private volatile @Nullable JobResult result;
    private volatile @Nullable Throwable failure;

    /** Why the work is to stop, the stronger reason later. */
    enum Stop {
        NONE,
        CANCELLED,
        CLOSING,
        LOST
    }

    RunningJob(JobClaim jobClaim, JobRun run, JobHandler work) {
        this.jobClaim = jobClaim;
        this.run = run;
        this.work = work;
    }

    JobClaim claim() {
        return jobClaim;
    }

    JobRun details() {
        return run;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    JobProgress progress() {
        return jobProgress;
    }

    /** The result of the work, or null if it has not ended, or failed. */
    @Nullable
    JobResult result() {
        return result;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    Stop stop() {
        return stop;
    }

    synchronized void stop(Stop why) {
        if (why.compareTo(stop) > 0) {
            stop = why;
        }
    }

    /** Interrupts the work, or keeps it from beginning. */
    synchronized void interrupt() {
        if (worker != null) {
            worker.interrupt();
        } else {
            barred = true;
            over.countDown();
        }
    }

    /** Waits until the work is over, or will not begin. */
    void join() throws InterruptedException {
        over.await();
    }

    @Override
    public void run() {
        if (!begin()) {
            return;
        }
        try {
            result = work.run(this);
        } catch (Throwable e) {
            failure = e;
        } finally {
            end();
        }
    }

    private synchronized boolean begin() {
        if (barred) {
            return false;
        }
        worker = Thread.currentThread();
        return true;
    }

    /** An interrupt that came too late must not hit what the thread does next. */
    private synchronized void end() {
        worker = null;
        barred = true;
        Thread.interrupted();
        over.countDown();
    }

    @Override
    public Map<String, String> arguments() {
        return run.arguments();
    }

    @Override
    public void progress(long done, long total, String message) {
        jobProgress = new JobProgress(done, total, message);
    }

    @Override
    public void checkCancelled() {
        switch (stop) {
            case NONE -> {}
            case CANCELLED -> throw new JobCancelledException("the run was cancelled");
            case CLOSING -> throw new JobCancelledException("this node stops");
            case LOST -> throw new JobCancelledException("the lease of the run is over");
        }
    }

    @Override
    public long fencingToken() {
        return JobFields.number(jobClaim.fields(), "fence");
    }
}
