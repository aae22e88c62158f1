package io.gatehouse.internal.threads;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * Daemon threads whose end can be waited for. An executor counts as terminated a moment before its last thread has ended, and in that
 * moment a server that stops an application takes the thread for a leak. Safe for use by several threads.
 */
public final class DaemonThreads implements ThreadFactory {
    private final Function<Runnable, Thread> making;
    private final Set<Thread> made = ConcurrentHashMap.newKeySet();

    /** All of one name. */
    public DaemonThreads(String name) {
        this(work -> new Thread(work, name));
    }

    /** Made by a function, which need not make them daemons. */
    public DaemonThreads(Function<Runnable, Thread> making) {
        this.making = making;
    }

    @Override
    public Thread newThread(Runnable work) {
        made.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = making.apply(work);
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    /** Waits until every thread but the current one has ended; says whether they have. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Thread thread : made) {
            long left = deadline - System.nanoTime();
            if (thread != Thread.currentThread() && thread.isAlive()) {
                if (left <= 0) {
                    return false;
                }
                thread.join(Math.max(1, Duration.ofNanos(left).toMillis()));
            }
        }
        return made.stream().noneMatch(thread -> thread != Thread.currentThread() && thread.isAlive());
    }
}
