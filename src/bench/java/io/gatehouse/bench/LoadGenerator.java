package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The clients of one contender, each with its own session; each sends the next request when it has received the response. */
final class LoadGenerator implements Load, AutoCloseable {
    static final int SIZE = 8;

    private final List<Visitor> visitors = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(SIZE);

    /**
     * Connects the clients and creates their sessions.
     *
     * @param plainCookie the cookie for contenders without sessions
     */
    LoadGenerator(Contender contender, int port, String plainCookie) throws IOException {
        for (int i = 0; i < SIZE; i++) {
            Visitor visitor = new Visitor(port);
            visitors.add(visitor);
            String cookie = contender.hasSession() ? visitor.makeSession("visitor-" + i) : plainCookie;
            visitor.prepare(contender.path(), cookie);
        }
    }

    /** Returns the number of responses in a second. */
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
