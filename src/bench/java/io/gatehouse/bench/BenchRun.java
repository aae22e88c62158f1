package io.gatehouse.bench;

import io.gatehouse.run.RedisProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;

/**
 * A run of the benchmark: its settings, its Redis, and the warm processes that its parts share. Closing it ends every process that it has
 * started.
 */
final class BenchRun implements AutoCloseable {
    /** The connections of all measurements that do not vary them. */
    static final int CONNECTIONS = 16;

    private static final double SETTLE_SECONDS = 1.5;

    private final Path target;
    private final Path folder;
    private final int rounds = Integer.getInteger("bench.rounds", 5);
    private final int seconds = Integer.getInteger("bench.seconds", 3);
    private final int warmUp = Integer.getInteger("bench.warm", 26);
    private final Goals goals;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<Row, Node> nodes = new EnumMap<>(Row.class);
    private final Map<Row, Curve> curves = new EnumMap<>(Row.class);
    private final RedisProcess redis;
    private final RedisClient client;
    private boolean closed;

    BenchRun(Path target) throws IOException {
        this.target = target;
        this.folder = Files.createDirectories(target.resolve("bench"));
        this.goals = new Goals(folder.resolve("goals.properties"));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "gatehouse-bench-stop"));
        this.redis = keep(RedisServer.start(folder));
        this.client = keep(RedisClient.create("127.0.0.1", redis.port()));
    }

    Path target() {
        return target;
    }

    Path folder() {
        return folder;
    }

    int rounds() {
        return rounds;
    }

    int seconds() {
        return seconds;
    }

    int warmUp() {
        return warmUp;
    }

    Goals goals() {
        return goals;
    }

    RedisClient redis() {
        return client;
    }

    int redisPort() {
        return redis.port();
    }

    /** Notes something to close at the end, also if the run fails or is interrupted. */
    <T extends AutoCloseable> T keep(T resource) {
        synchronized (open) {
            if (!closed) {
                open.push(resource);
                return resource;
            }
        }
        close(resource);
        throw new IllegalStateException("the benchmark is stopping");
    }

    /** Returns the process of a row, after it has answered requests for the time of the warm-up. */
    Node warm(Row row) throws IOException, InterruptedException {
        Node node = nodes.get(row);
        if (node == null) {
            say("starting and warming up: " + row.title());
            node = keep(Node.start(row, redis.port(), folder));
            nodes.put(row, node);
            if (row.settings().containsKey("GATEHOUSE_PROBES_PATH")) {
                node.awaitReady();
            }
            if (row == Row.READ_3 || !client.exists(BareGetFilter.KEY)) {
                storeBareValue(Shape.SMALL);
            }
            try (LoadGenerator load = new LoadGenerator(row, node.port(), CONNECTIONS, CONNECTIONS, Shape.SMALL)) {
                curves.put(row, Curve.measure(load, warmUp));
            }
        }
        return node;
    }

    /** Returns the speed of a row's process while it warmed up. */
    Curve curve(Row row) {
        Curve curve = curves.get(row);
        if (curve == null) {
            throw new IllegalStateException(row + " was not warmed up");
        }
        return curve;
    }

    /** Ends the process of a row that is no longer needed. */
    void end(Row row) {
        Node node = nodes.remove(row);
        if (node != null) {
            node.close();
        }
    }

    /** Ends all warm processes, so that they do not disturb a part that has its own. */
    void endAll() {
        nodes.values().forEach(Node::close);
        nodes.clear();
    }

    /** Measures warm rows in turns. */
    Rounds<Row, Cost> measure(List<Row> rows, int rounds, int connections, int sessions, Shape shape)
            throws IOException, InterruptedException {
        for (Row row : rows) {
            Node unused = warm(row);
        }
        storeBareValue(shape);
        Map<Row, LoadGenerator> loads = new EnumMap<>(Row.class);
        try {
            Map<Row, Rounds.Turn<Cost>> turns = new LinkedHashMap<>();
            for (Row row : rows) {
                Node node = warm(row);
                LoadGenerator load = new LoadGenerator(row, node.port(), connections, sessions, shape);
                loads.put(row, load);
                turns.put(row, () -> Cost.measure(node, load, client, seconds));
                double unused = load.run(SETTLE_SECONDS);
            }
            return Rounds.measure(turns, rounds);
        } finally {
            loads.values().forEach(BenchRun::close);
        }
    }

    /** Stores a value for the bare GET that has as many bytes as Gatehouse's record of a session of this shape. */
    private void storeBareValue(Shape shape) throws IOException {
        Node gatehouse = nodes.get(Row.READ_3);
        int length = shape.attributes() * (shape.length() + 20) + 600;
        if (gatehouse != null) {
            try (Visitor visitor = new Visitor(gatehouse.port())) {
                var before = client.keys("*:s:*");
                String unused = visitor.makeSession("measured", shape);
                var after = client.keys("*:s:*");
                after.removeAll(before);
                length = client.hgetAll(after.iterator().next().getBytes(StandardCharsets.UTF_8)).entrySet().stream()
                        .mapToInt(field -> field.getKey().length + field.getValue().length)
                        .sum();
            }
        }
        client.set(BareGetFilter.KEY, Sample.value(0, length));
    }

    /** Writes a chart beside the results. */
    void chart(String name, String svg) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("benchmarks")).resolve(name + ".svg"), svg);
    }

    @SuppressWarnings("SystemOut") // progress for people
    void say(String text) {
        System.out.println("[bench] " + text);
    }

    @Override
    public void close() {
        synchronized (open) {
            closed = true;
            while (!open.isEmpty()) {
                close(open.pop());
            }
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // closing goes on with the next resource
    static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            e.printStackTrace();
        }
    }
}
