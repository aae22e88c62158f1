package io.gatehouse.internal.threads;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * A factory of daemon threads whose end can be awaited. An executor counts as terminated shortly before its last thread has
 * ended, and a server that stops an application in that moment reports the thread as a leak. Thread-safe.
 */
public final class DaemonThreads implements ThreadFactory {
    private final Function<Runnable, Thread> factory;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Creates a factory of daemon threads with one name. */
    public DaemonThreads(String name) {
        this(work -> new Thread(work, name));
    }

    /** Creates a factory from a function, whose threads need not be daemons. */
    public DaemonThreads(Function<Runnable, Thread> factory) {
        this.factory = factory;
    }

    @Override
    public Thread newThread(Runnable work) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = factory.apply(work);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /** Waits until every thread but the current one has ended. Returns whether they have. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Thread thread : threads) {
            long left = deadline - System.nanoTime();
            if (thread != Thread.currentThread() && thread.isAlive()) {
                if (left <= 0) {
                    return false;
                }
                thread.join(Math.max(1, Duration.ofNanos(left).toMillis()));
            }
        }
        return threads.stream().noneMatch(thread -> thread != Thread.currentThread() && thread.isAlive());
    }
}
