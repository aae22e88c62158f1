package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.jobs.RunningJob.Stop;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Renews the lease of what runs here, five times in its length, and hears on the way that a run is cancelled or lost. Has a
 * thread of its own, because the work has the other.
 */
final class LeaseRenewer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LeaseRenewer.class.getName());
    private static final int RENEWALS_OF_A_LEASE = 5;

    private final RedisJobs jobs;
    private final OutageLogger outageLogger;
    private final DaemonThreads threads = new DaemonThreads("gatehouse-job-lease");
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(threads);
    private volatile @Nullable ScheduledFuture<?> renewing;
    private volatile @Nullable RunningJob held;
    private volatile long heldSince;

    LeaseRenewer(RedisJobs jobs, OutageLogger outageLogger) {
        this.jobs = jobs;
        this.outageLogger = outageLogger;
    }

    void start() {
        long between = Math.max(1, jobs.lease().toMillis() / RENEWALS_OF_A_LEASE);
        renewing = clock.scheduleWithFixedDelay(this::renew, between, between, TimeUnit.MILLISECONDS);
    }

    /** From now on this lease is renewed, which was given not before a time as {@link System#nanoTime} has it. */
    void hold(RunningJob job, long since) {
        heldSince = since;
        held = job;
    }

    void letGo(RunningJob job) {
        if (job.equals(held)) {
            held = null;
        }
    }

    private void renew() {
        RunningJob job = held;
        if (job == null || job.stop() == Stop.LOST) {
            return;
        }
        long before = System.nanoTime();
        try {
            switch (jobs.renew(job.claim(), job.progress())) {
                case RENEWED -> heldSince = before;
                case CANCELLED -> {
                    heldSince = before;
                    job.stop(Stop.CANCELLED);
                }
                case LOST -> job.stop(Stop.LOST);
            }
            outageLogger.over();
        } catch (GatehouseException e) {
            outageLogger.noted(e);
            if (before - heldSince > jobs.lease().toNanos()) {
                job.stop(Stop.LOST); // Redis may be away for us alone, and another node may have the run by now
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a lease could not be renewed", e);
        }
    }

    /** Waits until its thread has ended, after closing. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return threads.awaitEnd(atMost);
    }

    @Override
    public void close() {
        ScheduledFuture<?> last = renewing;
        if (last != null) {
            last.cancel(true);
        }
        clock.shutdownNow();
    }
}
