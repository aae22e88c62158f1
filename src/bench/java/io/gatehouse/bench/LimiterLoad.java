package io.gatehouse.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The load on a limiter: threads that each request decisions for their own clients in turn, without a pause. All must be allowed. */
final class LimiterLoad implements Load, AutoCloseable {
    static final int CLIENTS_OF_A_THREAD = 1_000;

    private final Limiter limiter;
    private final ExecutorService threads = Executors.newFixedThreadPool(Limiters.THREADS);
    private final List<Work> works;

    LimiterLoad(Limiter limiter) {
        this.limiter = limiter;
        this.works =
                IntStream.range(0, Limiters.THREADS).mapToObj(this::requests).toList();
    }

    private Work requests(int thread) {
        int[] next = {0};
        return () -> {
            int client = next[0];
            next[0] = (client + 1) % CLIENTS_OF_A_THREAD;
            decide(thread * CLIENTS_OF_A_THREAD + client);
        };
    }

    private void decide(int client) throws IOException {
        if (!limiter.decide(client)) {
            throw new IOException("a client was refused");
        }
    }

    @Override
    public double run(double seconds) throws IOException, InterruptedException {
        return Load.repeat(threads, works, seconds);
    }

    /** Requests one decision for each of a number of clients. */
    void once(int first, int clients) throws InterruptedException {
        AtomicInteger next = new AtomicInteger(first);
        AtomicInteger missed = new AtomicInteger();
        Runnable work = () -> {
            for (int client = next.getAndIncrement(); client < first + clients; client = next.getAndIncrement()) {
                if (!limiter.decide(client)) {
                    missed.incrementAndGet();
                }
            }
        };
        threads.invokeAll(IntStream.range(0, Limiters.THREADS)
                .mapToObj(any -> Executors.callable(work))
                .toList());
        if (missed.get() > 0) {
            throw new IllegalStateException(missed + " clients were refused");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        limiter.close();
    }
}
