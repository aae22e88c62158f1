package io.gatehouse.bench;

import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.session.store.RedisSessionStore;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** The longest call of each script since {@code SLOWLOG} was reset, in microseconds, without the scripts that were always fast. */
record SlowlogReport(Map<String, Long> byScript) {
    private static final List<String> SCRIPTS = Stream.of(
                    "accepted",
                    "bucket",
                    "claim",
                    "count",
                    "end",
                    "list",
                    "load",
                    "peek",
                    "save",
                    "signout",
                    "touch",
                    "user")
            .filter(name -> RedisSessionStore.class.getResource(name + ".lua") != null)
            .toList();

    static final int MOST_ENTRIES = 1_000_000;

    static SlowlogReport of(RedisClient redis) {
        Map<String, String> names = new HashMap<>();
        SCRIPTS.forEach(name -> names.put(
                Script.load(RedisSessionStore.class, name + ".lua", true).sha1(), name + ".lua"));
        Map<String, Long> longest = new TreeMap<>();
        Object log = redis.executeCommand(
                new CommandArguments(Protocol.Command.SLOWLOG).add("GET").add(MOST_ENTRIES));
        for (Object one : (List<?>) log) {
            List<?> entry = (List<?>) one;
            List<?> arguments = (List<?>) entry.get(3);
            if (arguments.size() > 1 && text(arguments.get(0)).equalsIgnoreCase("evalsha")) {
                longest.merge(names.getOrDefault(text(arguments.get(1)), "another"), (Long) entry.get(2), Math::max);
            }
        }
        return new SlowlogReport(longest);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    long micros() {
        return byScript.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    String longest() {
        return byScript.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(entry -> entry.getKey() + ", " + millis(entry.getValue()))
                .orElse("below 0.1 ms");
    }

    String table() {
        StringBuilder text = new StringBuilder("| script | longest call |\n|---|---:|\n");
        for (String name : SCRIPTS) {
            Long micros = byScript.get(name + ".lua");
            text.append(Section.line("| %s.lua | %s |%n", name, micros == null ? "below 0.1 ms" : millis(micros)));
        }
        return text.toString();
    }

    private static String millis(long micros) {
        return Section.line("%.1f ms", micros / 1000.0);
    }
}
