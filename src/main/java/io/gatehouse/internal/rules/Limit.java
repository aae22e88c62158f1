package io.gatehouse.internal.rules;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit: how many tokens may be used in a period. The arithmetic is that of {@code decide.lua}, to the microsecond and the
 * token, in whole numbers below 2^53, where the doubles of Lua are exact; a test compares the two. Immutable.
 *
 * <p>A limit keeps nothing itself. The caller keeps the {@link State} of each counter, passes it to {@link #evaluate}, and replaces it
 * by {@link #charged} when the request passes.
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
     * The use of one counter, in whole microseconds and whole tokens.
     *
     * @param at for a {@link TokenBucket} the theoretical arrival time, for a {@link SlidingWindow} the start of its window
     * @param previous the tokens used in the window before; 0 for a token bucket
     * @param current the tokens used in this window; 0 for a token bucket
     */
    record State(long at, long previous, long current) {
        /** The state of a counter whose use no longer counts. */
        public static final State UNUSED = new State(0, 0, 0);
    }

    /**
     * The answer of a limit to one request for tokens, before anything is charged.
     *
     * @param granted the tokens that it grants; 0 if it refuses
     * @param remaining the tokens that are left, after the grant if there is one
     * @param waitMicros the time until the least requested tokens are available; 0 if they are now, -1 if they never will be
     * @param resetMicros the time until the whole capacity is available, after the grant if there is one
     * @param busy whether it refuses only because requests in progress hold tokens
     */
    record Result(long granted, long remaining, long waitMicros, long resetMicros, boolean busy) {
        Result(long granted, long remaining, long waitMicros, long resetMicros) {
            this(granted, remaining, waitMicros, resetMicros, false);
        }
    }

    /**
     * Judges a request for {@code least} to {@code most} tokens. A request for none is always granted, with none.
     *
     * @param now microseconds since 1970
     */
    Result evaluate(State state, long now, long least, long most);

    /** Returns the state after tokens that {@link #evaluate} granted at the same time were charged. */
    State charged(State state, long now, long tokens);

    /** Returns the state after tokens were given back. */
    State refunded(State state, long now, long tokens);

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
