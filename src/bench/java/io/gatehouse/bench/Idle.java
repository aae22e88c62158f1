package io.gatehouse.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The part about a node without requests: the commands that it sends to Redis, as {@code MONITOR} shows them, and its connections. */
final class Idle {
    private static final int SETTLE_SECONDS = 35;
    private static final int SECONDS = 60;
    /** A command of a client; those of scripts have {@code lua} as their source. */
    private static final Pattern COMMAND = Pattern.compile("\\+[0-9.]+ \\[\\d+ [^l][^]]*] \"([^\"]+)\".*");

    private Idle() {}

    static Section measure(BenchRun run) throws IOException, InterruptedException {
        run.say("an idle node");
        // its own Redis, so that nothing else is counted
        try (var redis = RedisServer.start(run.folder());
                Node node = run.keep(Node.start(Row.IDLE, redis.port(), run.folder()))) {
            try (Visitor visitor = new Visitor(node.port())) {
                String unused = visitor.makeSession("idle", Shape.SMALL);
            }
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            Map<String, Integer> commands = monitor(redis.port());
            double rate = commands.values().stream().mapToInt(Integer::intValue).sum() / (double) SECONDS;
            run.goals().put(Goal.IDLE, rate);
            String list = commands.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                    .map(entry -> Section.line("%s %.2f", entry.getKey(), entry.getValue() / (double) SECONDS))
                    .collect(Collectors.joining(", "));
            return new Section(
                    Section.line(
                            "%nA node with all features and no requests, in %d s: %.1f commands a second (%s), over %d connections.%n",
                            SECONDS, rate, list.isEmpty() ? "none" : list, connections(redis.port())),
                    true);
        }
    }

    private static Map<String, Integer> monitor(int port) throws IOException {
        Map<String, Integer> commands = new TreeMap<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
            String confirmed = in.readLine();
            if (!"+OK".equals(confirmed)) {
                throw new IOException("MONITOR was answered " + confirmed);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                try {
                    String line = in.readLine();
                    Matcher command = COMMAND.matcher(line == null ? "" : line);
                    if (command.matches()) {
                        commands.merge(command.group(1).toUpperCase(Locale.ROOT), 1, Integer::sum);
                    }
                } catch (SocketTimeoutException e) {
                    break;
                }
            }
        }
        return commands;
    }

    private static long connections(int port) {
        try (var client = redis.clients.jedis.RedisClient.create("127.0.0.1", port)) {
            return Statistics.number(client.info("clients"), "connected_clients:(\\d+)") - 1;
        }
    }
}
