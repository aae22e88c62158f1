package io.gatehouse.ratelimit;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of something is allowed in a time. The arithmetic is that of {@code decide.lua}, to the microsecond and the token,
 * in whole numbers below 2^53, where the doubles of Lua are exact; a test compares the two. Immutable.
 */
public sealed interface Limit permits TokenBucket, SlidingWindow {
    /** As far as doubles count in ones. */
    long EXACT = 1L << 53;

    Duration LONGEST = Duration.ofDays(366);

    Pattern TEXT = Pattern.compile(
            "(sliding\\s+)?(\\d{1,12})\\s*/\\s*(\\d{1,6})?\\s*([a-z]+)(?:\\s+burst\\s+(\\d{1,12}))?",
            Pattern.CASE_INSENSITIVE);

    /** How many tokens a {@link #period} has. */
    long tokens();

    Duration period();

    /** How many tokens may be used at one moment. */
    long capacity();

    /** The letter by which the script knows the kind. */
    String kind();

    /** The first number that the script needs: the interval of a token bucket, the tokens of a window. */
    long first();

    /** The second: the tolerance of a token bucket, or the length of a window, in microseconds. */
    long second();

    /**
     * Judges a wish for {@code least} to {@code most} tokens. A wish for none is always granted, with none.
     *
     * @param now microseconds since 1970
     */
    Verdict judge(Usage usage, long now, long least, long most);

    /** What is known after some tokens were given back. */
    Usage refunded(Usage usage, long now, long tokens);

    /**
     * One node's share of it: as many tokens at once as there are for each node, and at least those that one request costs;
     * over time never more than that part of the limit.
     */
    Limit share(int nodes, long cost);

    /**
     * Reads a limit as people write it: {@code 5/min}, {@code 100/hour burst 20}, {@code 10/30s}, {@code sliding 1000/day}.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    static Limit parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("a limit such as 5/min, 100/hour burst 20, or sliding 1000/day");
        }
        long tokens = Long.parseLong(parts.group(2));
        Duration period =
                unit(parts.group(4)).multipliedBy(parts.group(3) == null ? 1 : Long.parseLong(parts.group(3)));
        if (period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a time of at most " + LONGEST.toDays() + " days");
        }
        boolean sliding = parts.group(1) != null;
        String burst = parts.group(5);
        if (sliding) {
            if (burst != null) {
                throw new IllegalArgumentException("a sliding window without burst: it allows its whole limit at once");
            }
            return new SlidingWindow(tokens, period);
        }
        return new TokenBucket(tokens, period, burst == null ? tokens : Long.parseLong(burst));
    }

    private static Duration unit(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "s", "sec", "second", "seconds" -> Duration.ofSeconds(1);
            case "m", "min", "minute", "minutes" -> Duration.ofMinutes(1);
            case "h", "hour", "hours" -> Duration.ofHours(1);
            case "d", "day", "days" -> Duration.ofDays(1);
            default -> throw new IllegalArgumentException("a time of s, min, hour or day");
        };
    }

    /** Checks what all limits have in common. */
    static void check(long tokens, Duration period) {
        if (tokens < 1) {
            throw new IllegalArgumentException("at least 1 in a time");
        }
        if (period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a time of at least 1s");
        }
    }
}
