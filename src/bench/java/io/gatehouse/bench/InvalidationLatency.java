package io.gatehouse.bench;

import io.gatehouse.internal.cache.DefaultCacheManager;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The benchmark of invalidation latency: the time from the removal of a key on one node until it has left another node's first level. */
final class InvalidationLatency {
    private static final int TIMES = 2_000;
    private static final int WARM_UPS = 500;
    private static final double MOST_MILLIS = 50;
    private static final long GIVEN_UP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private InvalidationLatency() {}

    static String measure(DefaultCacheManager here, DefaultCacheManager there) throws InterruptedException {
        ExecutorService poller = Executors.newSingleThreadExecutor();
        try {
            double[] millis = new double[TIMES];
            for (int i = -WARM_UPS; i < TIMES; i++) {
                double once = once(here, there, "latency-" + i, poller);
                if (i >= 0) {
                    millis[i] = once;
                }
            }
            Arrays.sort(millis);
            double high = millis[TIMES * 99 / 100];
            return Section.line(
                    "%nCache, a key removed on one node leaves the first level of another, %,d times: half within %.2f ms,"
                            + " 99 of 100 within %.2f ms, the longest %.2f ms.%n%nBudget: 99 of 100 within %.0f ms: %s.%n",
                    TIMES, millis[TIMES / 2], high, millis[TIMES - 1], MOST_MILLIS, Section.kept(high <= MOST_MILLIS));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            poller.shutdownNow();
        }
    }

    /** Returns the milliseconds from the start of the removal to the start of the first read that no longer finds the key. */
    @SuppressWarnings("ThreadPriorityCheck") // Redis may need this processor
    private static double once(DefaultCacheManager here, DefaultCacheManager there, String key, ExecutorService poller)
            throws InterruptedException, ExecutionException {
        there.put(key, "value"); // a node ignores its own messages
        if (there.get(key).isEmpty()) {
            throw new IllegalStateException("the stored key is missing");
        }
        Callable<Long> untilGone = () -> {
            long start = System.nanoTime();
            for (long now = start; now - start < GIVEN_UP_NANOS; now = System.nanoTime()) {
                if (there.get(key).isEmpty()) {
                    return now;
                }
                Thread.yield(); // Redis may need this processor
            }
            throw new IllegalStateException("the key was not invalidated in time");
        };
        Future<Long> gone = poller.submit(untilGone);
        long start = System.nanoTime();
        if (!here.remove(key)) {
            throw new IllegalStateException("Redis did not have the key");
        }
        return (gone.get() - start) / 1e6;
    }
}
