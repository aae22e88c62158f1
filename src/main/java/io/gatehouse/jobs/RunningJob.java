package io.gatehouse.jobs;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One attempt of a work on this node: what the work sees of it, what it is told from outside, and how it came out. */
final class RunningJob implements JobContext, Runnable {
    private final Claim claim;
    private final JobRun run;
    private final JobWork work;
    private final long begun = System.nanoTime();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Progress progress = Progress.NONE;
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

    RunningJob(Claim claim, JobRun run, JobWork work) {
        this.claim = claim;
        this.run = run;
        this.work = work;
    }

    Claim claim() {
        return claim;
    }

    JobRun details() {
        return run;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    Progress progress() {
        return progress;
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
        progress = new Progress(done, total, message);
    }

    @Override
    public void checkCancelled() {
        switch (stop) {
            case NONE -> {}
            case CANCELLED -> throw new JobCancelled("the run was cancelled");
            case CLOSING -> throw new JobCancelled("this node stops");
            case LOST -> throw new JobCancelled("the lease of the run is over");
        }
    }

    @Override
    public long fencingToken() {
        return JobFields.number(claim.fields(), "fence");
    }
}
