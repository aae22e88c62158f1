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
 * Drives a {@link TaskSchedule} while no EJB timer does: on servers without EJBs, and in applications without Gatehouse's {@code
 * ejb-jar.xml}. Uses the managed executor of the server, or a thread of its own if the server has none. Thread-safe.
 */
public final class FallbackTicker implements AutoCloseable {
    private static final String MANAGED = "java:comp/DefaultManagedScheduledExecutorService";
    private static final Duration TICK_INTERVAL = Duration.ofSeconds(5);
    private static final Duration EJB_TIMEOUT = Duration.ofSeconds(30);

    private final TaskSchedule taskSchedule;
    private final DaemonThreads threads = new DaemonThreads("gatehouse-schedule");
    private final Driver driver;
    private final @Nullable ScheduledExecutorService own;
    private final ScheduledFuture<?> ticking;

    /** Starts to tick; to be called where {@code java:comp} can be looked up, such as in a context listener. */
    public FallbackTicker(TaskSchedule taskSchedule) {
        this.taskSchedule = taskSchedule;
        ScheduledExecutorService executor = JndiLookup.find(MANAGED, ScheduledExecutorService.class);
        this.own = executor == null ? Executors.newSingleThreadScheduledExecutor(threads) : null;
        this.driver = executor == null ? Driver.THREAD : Driver.MANAGED_EXECUTOR;
        ScheduledExecutorService ticker = executor == null ? own() : executor;
        this.ticking = ticker.scheduleAtFixedRate(
                this::tick, TICK_INTERVAL.toMillis(), TICK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (taskSchedule.ejbSilence().compareTo(EJB_TIMEOUT) > 0) {
            taskSchedule.tick(driver);
        }
    }

    private ScheduledExecutorService own() {
        if (own == null) {
            throw new IllegalStateException("The ticker has no executor of its own");
        }
        return own;
    }

    /** Waits until the thread of a closed ticker, if any, has ended; returns whether it has. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return threads.awaitEnd(timeout);
    }

    @Override
    public void close() {
        ticking.cancel(true);
        if (own != null) {
            own.shutdownNow();
        }
    }
}
