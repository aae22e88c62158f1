package io.gatehouse.internal.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What an application does how often. Something outside lets the time pass by ticking; each tick does what is due, and two
 * ticks never work at once. Safe for use by several threads.
 */
public final class TaskSchedule implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TaskSchedule.class.getName());
    private static final Set<TaskSchedule> OPEN = new CopyOnWriteArraySet<>();

    private final LongSupplier nanoTime;
    private final List<Entry> entries = new ArrayList<>();
    private final ReentrantLock working = new ReentrantLock();
    private volatile Driver driver = Driver.NONE;
    private volatile long lastEjbTick;
    private volatile boolean closed;

    /** What makes the time pass. */
    public enum Driver {
        NONE,
        EJB_TIMER,
        MANAGED_EXECUTOR,
        THREAD
    }

    private static final class Entry {
        final String name;
        final long intervalNanos;
        final Runnable work;
        long lastRun;

        Entry(String name, long intervalNanos, Runnable work, long lastRun) {
            this.name = name;
            this.intervalNanos = intervalNanos;
            this.work = work;
            this.lastRun = lastRun;
        }
    }

    /** An empty timetable; the time is in nanoseconds, as {@link System#nanoTime}. */
    public TaskSchedule(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastEjbTick = nanoTime.getAsLong();
    }

    /** Adds work that is due for the first time after one interval. */
    public TaskSchedule every(Duration interval, String name, Runnable work) {
        entries.add(new Entry(name, interval.toNanos(), work, nanoTime.getAsLong()));
        return this;
    }

    /** From now on the server's EJB timer may tick. */
    public void open() {
        OPEN.add(this);
    }

    /** Nothing more is begun; what is under way may find that what it needs is closed, which is no failure. */
    @Override
    public void close() {
        closed = true;
        OPEN.remove(this);
    }

    /** What ticked last. */
    public Driver driver() {
        return driver;
    }

    static void tickAll() {
        OPEN.forEach(taskSchedule -> taskSchedule.tick(Driver.EJB_TIMER));
    }

    /** Lets time pass: does what is due, unless another tick is doing so. */
    void tick(Driver by) {
        if (by == Driver.EJB_TIMER) {
            lastEjbTick = nanoTime.getAsLong();
        }
        if (working.tryLock()) {
            try {
                driver = by;
                entries.forEach(this::workIfDue);
            } finally {
                working.unlock();
            }
        }
    }

    /** How long the EJB timer has been silent. */
    Duration ejbSilence() {
        return Duration.ofNanos(nanoTime.getAsLong() - lastEjbTick);
    }

    private void workIfDue(Entry entry) {
        long now = nanoTime.getAsLong();
        if (closed || now - entry.lastRun < entry.intervalNanos) {
            return;
        }
        entry.lastRun = now;
        try {
            entry.work.run();
        } catch (RuntimeException e) {
            LOG.log(
                    closed ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "{0} failed and will be tried again: {1}",
                    entry.name,
                    e.getMessage());
        }
    }
}
