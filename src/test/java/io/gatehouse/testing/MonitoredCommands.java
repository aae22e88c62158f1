package io.gatehouse.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The commands that a server receives, without those of scripts, of subscriptions and of health checks ({@code MONITOR}). Subscriptions and
 * health checks send {@code PING} without a text, {@code INFO} and {@code ROLE}.
 */
public final class MonitoredCommands implements AutoCloseable {
    private static final Pattern COMMAND = Pattern.compile("[0-9.]+ \\[\\d+ (?!lua)[^]]*] \"([^\"]+)\"(.*)");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Jedis monitor;
    private final Jedis own;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private MonitoredCommands(int port) {
        monitor = new Jedis("localhost", port, 0);
        own = new Jedis("localhost", port);
        Thread thread = new Thread(this::receive, "monitored-commands");
        thread.setDaemon(true);
        thread.start();
        take();
    }

    /** Starts to receive the commands of a server. */
    public static MonitoredCommands of(TestRedis redis) {
        return new MonitoredCommands(redis.port());
    }

    private void receive() {
        try {
            monitor.monitor(new JedisMonitor() {
                @Override
                public void onCommand(String line) {
                    lines.add(line);
                }
            });
        } catch (JedisException e) {
            // closed
        }
    }

    /** Returns the names of the commands since the last call, in capitals. */
    public List<String> take() {
        Eventually.holds("the commands so far were received", TIMEOUT, () -> {
            own.echo("so far");
            return lines.stream().anyMatch(line -> line.endsWith("\"ECHO\" \"so far\""));
        });
        List<String> names = new ArrayList<>();
        for (String line : lines) {
            Matcher command = COMMAND.matcher(line);
            if (command.matches()) {
                String name = command.group(1).toUpperCase(Locale.ROOT);
                boolean background = List.of("ECHO", "INFO", "ROLE").contains(name)
                        || (name.equals("PING") && command.group(2).isEmpty());
                if (!background) {
                    names.add(name);
                }
            }
        }
        lines.clear();
        return names;
    }

    @Override
    public void close() {
        own.close();
        monitor.close();
    }
}
