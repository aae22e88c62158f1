package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The visitors of one contender, each with a session of its own; they ask again as soon as they are answered. */
final class LoadGenerator implements Load, AutoCloseable {
    static final int SIZE = 8;

    private final List<Visitor> visitors = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(SIZE);

    /** @param plainCookie what is sent to a contender that knows no sessions */
    LoadGenerator(Contender contender, int port, String plainCookie) throws IOException {
        for (int i = 0; i < SIZE; i++) {
            Visitor visitor = new Visitor(port);
            visitors.add(visitor);
            String cookie = contender.hasSession() ? visitor.makeSession("visitor-" + i) : plainCookie;
            visitor.prepare(contender.path(), cookie);
        }
    }

    /** How many requests a second are answered. */
    @Override
    public double run(double seconds) throws IOException, InterruptedException {
        return Load.repeat(
                threads, visitors.stream().<Work>map(visitor -> visitor::visit).toList(), seconds);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Visitor visitor : visitors) {
            visitor.close();
        }
    }
}
