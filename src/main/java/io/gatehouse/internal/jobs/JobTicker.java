package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.cron.CronSchedule;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The clock of the jobs of this node: publishes their names, valid for fifteen seconds, and submits the runs of cron expressions. Redis
 * answers when the next run is due, so the names are published every five seconds if nodes notify each other of new runs, and every
 * second if they do not. It has its own thread, because handlers and renewals of leases must not delay it. Thread-safe.
 *
 * <p>Every node submits each fire time; a script lets the first one through. The script also compares the fire time with the clock of
 * Redis; a node whose clock is fast then goes by that clock. After its start, a node submits the last fire time that has passed: if no
 * node was alive then, the job is run once for all times that were missed.
 */
final class JobTicker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JobTicker.class.getName());
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_ANNOUNCEMENT_WITH_NOTICES = 5;
    private static final Duration VALID = Duration.ofSeconds(15);

    private final RedisJobs jobs;
    private final InstantSource clock;
    private final OutageLogger outageLogger;
    private final DaemonThreads threads = new DaemonThreads("gatehouse-job-clock");
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(threads);
    private final Map<String, Instant> nextFireTimes = new HashMap<>();
    private final Lock turn = new ReentrantLock();
    private int untilAnnouncement;

    JobTicker(RedisJobs jobs, InstantSource clock, OutageLogger outageLogger) {
        this.jobs = jobs;
        this.clock = clock;
        this.outageLogger = outageLogger;
    }

    /** Starts the thread; to be called once. */
    @SuppressWarnings("FutureReturnValueIgnored") // it runs until closed
    void start() {
        executor.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Publishes the names if that is due, and submits the runs whose time has come. */
    void tick() {
        turn.lock(); // not a monitor, in which a virtual thread would keep its carrier while it waits for Redis
        try {
            announceAndFire();
        } finally {
            turn.unlock();
        }
    }

    private void announceAndFire() {
        try {
            if (untilAnnouncement-- <= 0) {
                jobs.announce(
                        jobs.registry().all().stream().map(JobDefinition::name).toList(), VALID);
                untilAnnouncement = jobs.notices().areSent() ? TICKS_PER_ANNOUNCEMENT_WITH_NOTICES - 1 : 0;
            }
            for (JobDefinition job : jobs.registry().all()) {
                if (job.cron() != null) {
                    fireIfDue(job.name(), job.cron());
                }
            }
            outageLogger.onSuccess();
        } catch (GatehouseException e) {
            untilAnnouncement = 0;
            outageLogger.onFailure(e);
        } catch (RuntimeException | Error e) { // an exception would end the thread's work for good
            LOG.log(System.Logger.Level.WARNING, "Could not submit the runs of cron expressions", e);
        }
    }

    private void fireIfDue(String name, CronSchedule cron) {
        Instant redisTime = fireIfDue(name, cron, clock.instant());
        if (redisTime != null) { // the clock of this node is fast
            Instant unused = fireIfDue(name, cron, redisTime);
        }
    }

    /** Submits the last fire time that has come by a clock; returns the clock of Redis if it has not come by that. */
    private @Nullable Instant fireIfDue(String name, CronSchedule cron, Instant now) {
        Instant known = nextFireTimes.get(name);
        boolean first = known == null;
        Instant fireTime = known == null ? cron.previous(now).orElse(null) : latest(cron, known, now);
        if (fireTime != null) {
            FireResult result = jobs.fire(name, fireTime, cron.toString(), first);
            if (!result.settled()) {
                return result.redisTime();
            }
        }
        if (first || fireTime != null) {
            cron.next(fireTime == null ? now : fireTime).ifPresent(next -> nextFireTimes.put(name, next));
        }
        return null;
    }

    /** Returns the last of the fire times that have come, or null if none has: a node that was frozen does not run a job several times. */
    private static @Nullable Instant latest(CronSchedule cron, Instant next, Instant now) {
        return next.isAfter(now) ? null : cron.previous(now).orElse(next);
    }

    /** Waits until the thread of a closed ticker has ended; returns whether it has. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return threads.awaitEnd(timeout);
    }

    private void withdraw() {
        turn.lock();
        try {
            jobs.announce(Set.of(), VALID);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "The names of the jobs of this node stay published until they expire",
                    e);
        } finally {
            turn.unlock();
        }
    }

    /** Lets the thread withdraw the names of this node and end. If Redis is unavailable, the names expire by themselves. */
    @Override
    public void close() {
        if (!executor.isShutdown()) {
            executor.execute(this::withdraw);
            executor.shutdown();
        }
    }
}
