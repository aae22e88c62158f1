package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The visitors of one contender, each with a session of its own; they ask again as soon as they are answered. */
final class Crowd implements AutoCloseable {
    static final int SIZE = 8;

    private final List<Visitor> visitors = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(SIZE);

    /** @param plainCookie what is sent to a contender that knows no sessions */
    Crowd(Contender contender, int port, String plainCookie) throws IOException {
        for (int i = 0; i < SIZE; i++) {
            Visitor visitor = new Visitor(port);
            visitors.add(visitor);
            String cookie = contender.hasSession() ? visitor.makeSession("visitor-" + i) : plainCookie;
            visitor.prepare(contender.path(), cookie);
        }
    }

    /** How many requests a second are answered. */
    double visit(double seconds) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        List<Callable<Long>> work = new ArrayList<>();
        visitors.forEach(visitor -> work.add(() -> {
            long answered = 0;
            while (System.nanoTime() < end) {
                visitor.visit();
                answered++;
            }
            return answered;
        }));
        long all = 0;
        try {
            for (Future<Long> answered : threads.invokeAll(work)) {
                all += answered.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return all * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Visitor visitor : visitors) {
            visitor.close();
        }
    }
}
