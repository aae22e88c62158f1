package io.gatehouse.internal.redis.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.CommandArguments;

/** How long a blocking command waits on the server, read from its arguments. */
final class BlockingTime {
    private static final Set<String> SECONDS_LAST =
            Set.of("BLPOP", "BRPOP", "BRPOPLPUSH", "BLMOVE", "BZPOPMIN", "BZPOPMAX");
    private static final Set<String> SECONDS_FIRST = Set.of("BLMPOP", "BZMPOP");
    private static final Set<String> MILLIS_LAST = Set.of("WAIT", "WAITAOF");
    private static final Set<String> MILLIS_AFTER_BLOCK = Set.of("XREAD", "XREADGROUP");

    private BlockingTime() {}

    /**
     * Returns the time, or empty if the command does not block.
     *
     * @throws IllegalArgumentException if the time is 0, which means forever, or not a number
     * @throws UnsupportedOperationException if it is not known where the command has its time
     */
    static Optional<Duration> of(CommandArguments arguments) {
        String name = CommandRules.name(arguments);
        int last = arguments.size() - 1;
        if (last > 0 && SECONDS_LAST.contains(name)) {
            return Optional.of(time(arguments, last, 1000));
        }
        if (last > 0 && SECONDS_FIRST.contains(name)) {
            return Optional.of(time(arguments, 1, 1000));
        }
        if (last > 0 && MILLIS_LAST.contains(name)) {
            return Optional.of(time(arguments, last, 1));
        }
        if (MILLIS_AFTER_BLOCK.contains(name)) {
            for (int i = 1; i < last && !CommandRules.text(arguments.get(i)).equals("STREAMS"); i++) {
                if (CommandRules.text(arguments.get(i)).equals("BLOCK")) {
                    return Optional.of(time(arguments, i + 1, 1));
                }
            }
            return Optional.empty();
        }
        if (arguments.isBlocking()) {
            throw new UnsupportedOperationException(
                    "the blocking command " + name
                            + " is not supported, because it is not known how long it waits; poll with a command that does not block");
        }
        return Optional.empty();
    }

    private static Duration time(CommandArguments arguments, int index, long millisEach) {
        String name = CommandRules.name(arguments);
        double time;
        try {
            time = Double.parseDouble(CommandRules.text(arguments.get(index)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " has no time to wait; expected a number", e);
        }
        if (!(time > 0) || time * millisEach > Integer.MAX_VALUE / 2.0) {
            throw new IllegalArgumentException(name + " would wait "
                    + (time == 0 ? "forever" : "for an impossible time")
                    + "; expected a time above 0 and below 12 days, and a loop around the call");
        }
        return Duration.ofMillis((long) Math.ceil(time * millisEach));
    }
}
