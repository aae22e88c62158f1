package io.gatehouse.internal.schedule;

import io.gatehouse.internal.schedule.TaskSchedule.Driver;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ticks while no EJB timer does: on servers without one, and in applications that have no {@code ejb-jar.xml} like ours. Uses the server's managed executor, or a thread of its own where there is none.
 */
public final class FallbackTicker implements AutoCloseable {
    private static final String MANAGED = "java:comp/DefaultManagedScheduledExecutorService";
    private static final Duration PACE = Duration.ofSeconds(5);
    private static final Duration EJB_SILENCE = Duration.ofSeconds(30);

    private final TaskSchedule taskSchedule;
    private final DaemonThreads threads = new DaemonThreads("gatehouse-timetable");
    private final Driver driver;
    private final @Nullable ScheduledExecutorService own;
    private final ScheduledFuture<?> ticking;

    /** Starts; to be called where {@code java:comp} can be looked up, such as in a context listener. */
    public FallbackTicker(TaskSchedule taskSchedule) {
        this.taskSchedule = taskSchedule;
        ScheduledExecutorService executor = JndiLookup.find(MANAGED, ScheduledExecutorService.class);
        this.own = executor == null ? Executors.newSingleThreadScheduledExecutor(threads) : null;
        this.driver = executor == null ? Driver.THREAD : Driver.MANAGED_EXECUTOR;
        ScheduledExecutorService ticker = executor == null ? own() : executor;
        this.ticking = ticker.scheduleAtFixedRate(this::tick, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (taskSchedule.ejbSilence().compareTo(EJB_SILENCE) > 0) {
            taskSchedule.tick(driver);
        }
    }

    private ScheduledExecutorService own() {
        if (own == null) {
            throw new IllegalStateException("no executor");
        }
        return own;
    }

    /** Waits until its own thread, if it has one, has ended, after closing; says whether it has. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return threads.awaitEnd(atMost);
    }

    @Override
    public void close() {
        ticking.cancel(true);
        if (own != null) {
            own.shutdownNow();
        }
    }
}
