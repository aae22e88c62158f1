package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Work that several threads repeat as often as possible. */
@FunctionalInterface
interface Load {
    /** Repeats the work for a time; returns how often it was done in a second. */
    double run(double seconds) throws IOException, InterruptedException;

    /** The work of one thread. */
    @FunctionalInterface
    interface Work {
        void turn() throws IOException;
    }

    /** Repeats each work concurrently for a time; returns the sum of turns in a second. */
    static double repeat(ExecutorService threads, Collection<? extends Work> works, double seconds)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        List<Callable<Long>> tasks = new ArrayList<>();
        works.forEach(work -> tasks.add(() -> {
            long turns = 0;
            while (System.nanoTime() < end) {
                work.turn();
                turns++;
            }
            return turns;
        }));
        long all = 0;
        try {
            for (Future<Long> turns : threads.invokeAll(tasks)) {
                all += turns.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return all * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
    }
}
