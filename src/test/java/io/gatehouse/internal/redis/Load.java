package io.gatehouse.internal.redis;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Threads that repeat a step until they are stopped. Collects their failures. */
final class Load implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicIntegerArray successes;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** @param step the step, which receives the number of its thread */
    Load(int threads, IntConsumer step) {
        this.successes = new AtomicIntegerArray(threads);
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = new Thread(() -> run(number, step), "load-" + i);
            thread.setDaemon(true);
            thread.start();
            this.threads.add(thread);
        }
    }

    private void run(int number, IntConsumer step) {
        while (!stopped) {
            try {
                step.accept(number);
                successes.incrementAndGet(number);
            } catch (RuntimeException | Error e) {
                failures.add(e);
                LockSupport.parkNanos(5_000_000); // clients pause after a failure
            }
        }
    }

    /** Waits until every thread has succeeded once more. */
    void awaitProgress(Duration within) {
        int[] before = new int[successes.length()];
        for (int i = 0; i < before.length; i++) {
            before[i] = successes.get(i);
        }
        Eventually.holds("every thread succeeds", within, () -> {
            for (int i = 0; i < before.length; i++) {
                if (successes.get(i) <= before[i] + 1) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Returns the failures since the last call. */
    List<Throwable> takeFailures() {
        List<Throwable> taken = new ArrayList<>();
        for (Throwable next = failures.poll(); next != null; next = failures.poll()) {
            taken.add(next);
        }
        return taken;
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
