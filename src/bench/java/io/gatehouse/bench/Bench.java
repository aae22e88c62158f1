package io.gatehouse.bench;

import io.gatehouse.bench.Application.Keeping;
import io.gatehouse.run.RedisProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.RedisClient;

/**
 * The main class of the benchmark. It starts a Redis server and each contender in a separate process, and measures first the memory, then
 * the speed. It fails if a response is wrong or a session takes too much memory. Speed is reported but never fails the run, because machines
 * differ.
 */
public final class Bench {
    private static final Pattern REDIS_VERSION = Pattern.compile("redis_version:(\\S+)");

    private static final double WARM_UP_SECONDS = 8;

    private final Path folder;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private Bench(Path folder) {
        this.folder = folder;
    }

    @SuppressWarnings("SystemOut") // prints the report
    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(arguments[0]);
        Bench bench = new Bench(Files.createDirectories(target.resolve("bench")));
        Runtime.getRuntime().addShutdownHook(new Thread(bench::close, "gatehouse-bench-stop"));
        Section report = bench.run();
        Files.writeString(target.resolve("benchmarks.md"), report.text());
        System.out.println("\n" + report.text());
        System.exit(report.kept() ? 0 : 1);
    }

    private Section run() throws IOException, InterruptedException {
        int rounds = Integer.getInteger("bench.rounds", 9);
        int seconds = Integer.getInteger("bench.seconds", 2);
        List<String> parts = List.of(System.getProperty("bench.parts", "sessions,limits,clean-up,cache")
                .split(","));
        RedisProcess redis = keep(RedisProcess.start(executable(), folder.resolve("redis"), List.of()));
        RedisClient client = keep(RedisClient.create("127.0.0.1", redis.port()));
        StringBuilder text = new StringBuilder(environment(client, rounds, seconds)).append('\n');
        boolean kept = true;
        for (String part : parts) {
            Section section = switch (part) {
                case "sessions" -> sessions(redis, client, rounds, seconds);
                case "limits" -> Limits.measure(client, redis.port(), rounds, seconds);
                case "clean-up" -> CleanUp.measure(client, redis.port());
                case "cache" -> Caches.measure(client, redis.port(), rounds, seconds);
                default ->
                    throw new IllegalArgumentException(
                            "unknown part " + part + "; expected sessions, limits, clean-up or cache");
            };
            text.append(section.text());
            kept &= section.kept();
        }
        return new Section(text.toString(), kept);
    }

    /** Returns the configured Redis server, or the one that the tests use. */
    private Path executable() throws IOException {
        String configured = System.getProperty("bench.redis", "");
        return configured.isEmpty() ? RedisProcess.embeddedExecutable(folder.resolve("bin")) : Path.of(configured);
    }

    private Section sessions(RedisProcess redis, RedisClient client, int rounds, int seconds)
            throws IOException, InterruptedException {
        Map<Keeping, Memory> memory = new EnumMap<>(Keeping.class);
        Map<Contender, Node> nodes = new EnumMap<>(Contender.class);
        for (Contender contender : Contender.values()) {
            nodes.put(contender, start(contender.name(), contender.keeping(), redis));
        }
        memory.put(Keeping.GATEHOUSE, Memory.measure(client, portOf(nodes, Contender.GATEHOUSE_READ)));
        memory.put(Keeping.SPRING, Memory.measure(client, portOf(nodes, Contender.SPRING_READ)));
        try (Node indexed = start("SPRING_INDEXED", Keeping.SPRING_INDEXED, redis)) {
            memory.put(Keeping.SPRING_INDEXED, Memory.measure(client, indexed.port()));
        }
        String cookie = "sid=" + storeBareValue(client, portOf(nodes, Contender.GATEHOUSE_READ));
        Map<Contender, LoadGenerator> loadGenerators = new EnumMap<>(Contender.class);
        for (Contender contender : Contender.values()) {
            loadGenerators.put(contender, keep(new LoadGenerator(contender, portOf(nodes, contender), cookie)));
        }
        Throughput<Contender> throughput = Throughput.measure(loadGenerators, WARM_UP_SECONDS, rounds, seconds);
        Files.writeString(
                folder.resolveSibling("benchmarks-sessions.svg"),
                Report.chart(throughput).svg());
        Section section = Report.of(throughput, memory);
        nodes.values().forEach(Node::close);
        client.flushAll();
        return section;
    }

    /** Stores a value as long as a Gatehouse session for the bare GET; returns a text as long as a Gatehouse cookie. */
    private static String storeBareValue(RedisClient client, int port) throws IOException {
        try (Visitor visitor = new Visitor(port)) {
            String cookie = visitor.makeSession("alice");
            String record = client.keys("*:s:*").iterator().next();
            int length = client.hgetAll(record.getBytes(StandardCharsets.UTF_8)).entrySet().stream()
                    .mapToInt(field -> field.getKey().length + field.getValue().length)
                    .sum();
            client.flushAll();
            client.set(BareGetFilter.KEY, Sample.value(0) + "x".repeat(length - Sample.VALUE_LENGTH));
            return "x".repeat(cookie.length() - "sid=".length());
        }
    }

    private Node start(String name, Keeping keeping, RedisProcess redis) throws IOException {
        return keep(Node.start(name, keeping, redis.port(), folder));
    }

    private static int portOf(Map<Contender, Node> nodes, Contender contender) {
        Node node = nodes.get(contender);
        if (node == null) {
            throw new IllegalStateException(contender + " was not started");
        }
        return node.port();
    }

    private static String environment(RedisClient client, int rounds, int seconds) {
        Matcher version = REDIS_VERSION.matcher(client.info("server"));
        return String.format(
                "%s, %d cores, load %.1f, %s, Java %s (%s), Redis %s, %d connections, %d rounds of %d s%n",
                LocalDate.now(java.time.ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name"),
                Runtime.version(),
                Node.jvm(),
                version.find() ? version.group(1) : "?",
                LoadGenerator.SIZE,
                rounds,
                seconds);
    }

    private synchronized <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // closing goes on with the next resource
    private synchronized void close() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }
    }
}
