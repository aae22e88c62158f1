package io.gatehouse.bench;

import io.gatehouse.run.RedisProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.RedisClient;

/** A quick look at single rows while one works on the code: no turns and no report, but the same load and the same numbers. */
final class RowProbe {
    private static final int CONNECTIONS = 16;

    private RowProbe() {}

    /** Takes the build folder and the ids of rows. */
    @SuppressWarnings("SystemOut") // prints the result
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0], "bench"));
        int warmUp = Integer.getInteger("bench.warm", 25);
        int seconds = Integer.getInteger("bench.seconds", 10);
        List<Row> rows = Arrays.stream(arguments).skip(1).map(Row::of).toList();
        System.out.printf(
                "%-14s %10s %12s %12s %10s %10s %8s %8s%n",
                "row", "req/s", "us request", "us process", "us Redis", "KB/req", "p50 ms", "p99 ms");
        try (RedisProcess redis = RedisServer.start(folder);
                RedisClient client = RedisClient.create("127.0.0.1", redis.port())) {
            client.set(BareGetFilter.KEY, Sample.value(0, 1_400));
            for (Row row : rows) {
                try (Node node = Node.start(row, redis.port(), folder);
                        LoadGenerator load =
                                new LoadGenerator(row, node.port(), CONNECTIONS, CONNECTIONS, Shape.SMALL)) {
                    double unused = load.run(warmUp);
                    Cost cost = Cost.measure(node, load, client, seconds);
                    System.out.printf(
                            "%-14s %10.0f %12.1f %12.1f %10.1f %10.2f %8.2f %8.2f%n",
                            row.id(),
                            cost.rate(),
                            cost.requestMicros(),
                            cost.processMicros(),
                            cost.redisMicros(),
                            cost.kilobytes(),
                            cost.millis(0.5),
                            cost.millis(0.99));
                }
            }
        }
    }
}
