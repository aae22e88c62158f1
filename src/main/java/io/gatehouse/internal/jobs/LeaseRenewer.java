package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.jobs.RunningJob.StopReason;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Renews the lease of the current run, five times per lease, and learns from the replies whether the run is cancelled or lost. It
 * has its own thread, because the handler occupies the other one. Thread-safe.
 *
 * <p>If no renewal has succeeded for the length of a lease, measured from before the last successful call, the run counts as lost:
 * Redis may be reachable for another node, which may have claimed the run.
 */
final class LeaseRenewer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LeaseRenewer.class.getName());
    private static final int RENEWALS_PER_LEASE = 5;

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

    /** Starts the thread; to be called once. */
    void start() {
        long interval = Math.max(1, jobs.lease().toMillis() / RENEWALS_PER_LEASE);
        renewing = clock.scheduleWithFixedDelay(this::renew, interval, interval, TimeUnit.MILLISECONDS);
    }

    /** Starts to renew the lease of a run. The lease was granted after {@code since}, in {@link System#nanoTime}. */
    void hold(RunningJob job, long since) {
        heldSince = since;
        held = job;
    }

    /** Stops renewing the lease of a run. */
    void release(RunningJob job) {
        if (job.equals(held)) {
            held = null;
        }
    }

    private void renew() {
        RunningJob job = held;
        if (job == null || job.stop() == StopReason.LOST) {
            return;
        }
        long sentAt = System.nanoTime();
        try {
            switch (jobs.renew(job.claim(), job.progress())) {
                case RENEWED -> heldSince = sentAt;
                case CANCELLED -> {
                    heldSince = sentAt;
                    job.stop(StopReason.CANCELLED);
                }
                case LOST -> job.stop(StopReason.LOST);
            }
            outageLogger.onSuccess();
        } catch (GatehouseException e) {
            outageLogger.onFailure(e);
            if (sentAt - heldSince > jobs.lease().toNanos()) {
                job.stop(StopReason.LOST); // another node may have claimed the run
            }
        } catch (RuntimeException | Error e) { // an exception would end the thread's work for good
            LOG.log(System.Logger.Level.WARNING, "Could not renew a lease", e);
        }
    }

    /** Waits until the thread of a closed renewer has ended; returns whether it has. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return threads.awaitEnd(timeout);
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
