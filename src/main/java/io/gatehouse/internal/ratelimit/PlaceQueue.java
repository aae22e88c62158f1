package io.gatehouse.internal.ratelimit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The queue of this node's requests that wait for a place that attempts in progress hold. An attempt that completes on this node wakes
 * the first request that waits for its counter. Because attempts on other nodes hold places too, a waiting request also polls, at most
 * {@link #POLL four times a second}. The waiting time and the number of waiting requests are bounded. Thread-safe; holds no lock while a
 * request waits.
 */
public final class PlaceQueue {
    /** How long a request waits for a signal of this node before it polls again. */
    static final Duration POLL = Duration.ofMillis(250);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<Semaphore>> queues = new HashMap<>();
    private final Duration longest;
    private final int most;
    private final LongSupplier nanoTime;
    private int waiting;

    /**
     * Creates an empty queue.
     *
     * @param longest the longest time that a request waits
     * @param most the largest number of requests that wait at the same time
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public PlaceQueue(Duration longest, int most, LongSupplier nanoTime) {
        this.longest = longest;
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /**
     * Retries until the request gets a decision other than "busy" or has waited for the longest time.
     *
     * @param counters the ids of the counters whose places are held
     * @param retry tries once; returns true if the request no longer has to wait
     * @return false if the request gave up, or if the queue was full
     */
    public boolean await(Collection<String> counters, BooleanSupplier retry) {
        Semaphore signal = new Semaphore(0);
        if (!join(counters, signal)) {
            return false;
        }
        long start = nanoTime.getAsLong();
        try {
            while (true) {
                long left = longest.toNanos() - (nanoTime.getAsLong() - start);
                if (left <= 0) {
                    return false;
                }
                boolean unused = signal.tryAcquire(Math.min(left, POLL.toNanos()), TimeUnit.NANOSECONDS);
                if (retry.getAsBoolean()) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            leave(counters, signal);
        }
    }

    /** Wakes the first request that waits for each of these counters. */
    public void released(Collection<String> counters) {
        lock.lock();
        try {
            if (waiting == 0) {
                return;
            }
            for (String counter : counters) {
                queues.getOrDefault(counter, new ArrayDeque<>()).stream()
                        .filter(signal -> signal.availablePermits() == 0)
                        .findFirst()
                        .ifPresent(Semaphore::release);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of waiting requests. */
    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private boolean join(Collection<String> counters, Semaphore signal) {
        lock.lock();
        try {
            if (waiting >= most || longest.isZero()) {
                return false;
            }
            waiting++;
            counters.forEach(counter ->
                    queues.computeIfAbsent(counter, any -> new ArrayDeque<>()).add(signal));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Collection<String> counters, Semaphore signal) {
        lock.lock();
        try {
            waiting--;
            for (String counter : List.copyOf(counters)) {
                Deque<Semaphore> queue = queues.get(counter);
                if (queue != null) {
                    boolean unused = queue.remove(signal);
                    if (queue.isEmpty()) {
                        queues.remove(counter);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
