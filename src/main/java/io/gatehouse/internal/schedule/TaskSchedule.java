package io.gatehouse.internal.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The periodic tasks of an application. A {@link Driver} calls {@link #tick}, which runs the tasks that are due. Ticks never overlap:
 * a tick that comes while another one works does nothing. Thread-safe after tasks have been added.
 */
public final class TaskSchedule implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TaskSchedule.class.getName());
    private static final Set<TaskSchedule> OPEN = new CopyOnWriteArraySet<>();

    private final LongSupplier nanoTime;
    private final List<Task> tasks = new ArrayList<>();
    private final ReentrantLock running = new ReentrantLock();
    private volatile Driver driver = Driver.NONE;
    private volatile long lastEjbTick;
    private volatile boolean closed;

    /** The mechanism that ticks. */
    public enum Driver {
        NONE,
        EJB_TIMER,
        MANAGED_EXECUTOR,
        THREAD
    }

    private static final class Task {
        final String name;
        final long intervalNanos;
        final Runnable work;
        long lastRun;

        Task(String name, long intervalNanos, Runnable work, long lastRun) {
            this.name = name;
            this.intervalNanos = intervalNanos;
            this.work = work;
            this.lastRun = lastRun;
        }
    }

    /** Creates an empty schedule with a clock in nanoseconds, such as {@link System#nanoTime}. */
    public TaskSchedule(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastEjbTick = nanoTime.getAsLong();
    }

    /** Adds a task that is due for the first time after one interval. */
    public TaskSchedule every(Duration interval, String name, Runnable work) {
        tasks.add(new Task(name, interval.toNanos(), work, nanoTime.getAsLong()));
        return this;
    }

    /** Lets the EJB timer tick this schedule. */
    public void open() {
        OPEN.add(this);
    }

    /** Starts no more tasks. A running task may fail because its resources are closed; that is logged at DEBUG only. */
    @Override
    public void close() {
        closed = true;
        OPEN.remove(this);
    }

    /** Returns the driver of the last tick. */
    public Driver driver() {
        return driver;
    }

    static void tickAll() {
        OPEN.forEach(taskSchedule -> taskSchedule.tick(Driver.EJB_TIMER));
    }

    /** Runs the tasks that are due, unless another tick is running. */
    void tick(Driver by) {
        if (by == Driver.EJB_TIMER) {
            lastEjbTick = nanoTime.getAsLong();
        }
        if (running.tryLock()) {
            try {
                driver = by;
                tasks.forEach(this::runIfDue);
            } finally {
                running.unlock();
            }
        }
    }

    /** Returns the time since the last tick of the EJB timer. */
    Duration ejbSilence() {
        return Duration.ofNanos(nanoTime.getAsLong() - lastEjbTick);
    }

    private void runIfDue(Task task) {
        long now = nanoTime.getAsLong();
        if (closed || now - task.lastRun < task.intervalNanos) {
            return;
        }
        task.lastRun = now;
        try {
            task.work.run();
        } catch (RuntimeException e) {
            LOG.log(
                    closed ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "{0} failed and will be retried: {1}",
                    task.name,
                    e.getMessage());
        }
    }
}
