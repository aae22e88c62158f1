package io.gatehouse.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The clients of one row: connections that each send the next request as soon as they have received the response. Not thread-safe. */
final class LoadGenerator implements Load, AutoCloseable {
    private final List<Visitor> visitors = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * Opens the connections and creates the sessions.
     *
     * @param sessions the number of sessions, one or more for each connection; 1 is one session that all connections share
     */
    LoadGenerator(Row row, int port, int connections, int sessions, Shape shape) throws IOException {
        this.threads = Executors.newFixedThreadPool(connections);
        try {
            String shared = null;
            for (int i = 0; i < connections; i++) {
                Visitor visitor = new Visitor(port);
                visitors.add(visitor);
                for (int of = i; of < Math.max(sessions, connections); of += connections) {
                    String cookie = !row.hasSession()
                            ? row.plainCookie()
                            : shared != null ? shared : visitor.makeSession("user-" + of, shape);
                    shared = sessions == 1 ? cookie : null;
                    visitor.add(row.path(), cookie, row.status());
                }
            }
            if (row == Row.REFUSED) {
                visitors.get(0).send(row.path()); // the only request that is admitted
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the number of responses in a second. */
    @Override
    public double run(double seconds) throws IOException, InterruptedException {
        return Load.repeat(
                threads, visitors.stream().<Work>map(visitor -> visitor::visit).toList(), seconds);
    }

    /** Returns the latencies of all connections since the last call. */
    Latencies latencies() {
        Latencies all = new Latencies();
        visitors.forEach(visitor -> visitor.drain(all));
        return all;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Visitor visitor : visitors) {
            visitor.close();
        }
    }
}
