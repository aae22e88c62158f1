package io.gatehouse.internal.rules;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit on how many tokens may be used in a period. The arithmetic equals that of {@code decide.lua}, to the microsecond and the token,
 * in whole numbers below 2^53, where Lua's doubles are exact; a test compares the two. Immutable.
 *
 * <p>A limit has no counter of its own. The caller keeps the {@link State} of each counter, passes it to {@link #evaluate}, and replaces
 * it by {@link #charged} if the request is allowed.
 */
public sealed interface Limit permits TokenBucket, SlidingWindow {
    /** The bound below which a double represents every whole number. */
    long EXACT = 1L << 53;

    /** The longest period. */
    Duration LONGEST = Duration.ofDays(366);

    Pattern TEXT = Pattern.compile(
            "(sliding\\s+)?(\\d{1,12})\\s*/\\s*(\\d{1,6})?\\s*([a-z]+)(?:\\s+burst\\s+(\\d{1,12}))?",
            Pattern.CASE_INSENSITIVE);

    /** Returns the number of tokens for each {@link #period}. */
    long tokens();

    /** Returns the period. */
    Duration period();

    /** Returns the number of tokens that may be used at one moment. */
    long capacity();

    /** Returns the letter that names this kind of limit in the scripts: {@code b} for a bucket, {@code w} for a window. */
    String kind();

    /**
     * Returns the number that the scripts need besides {@link #refillMicros}: the microseconds for each token of a bucket, or the number of
     * tokens of a window.
     */
    long scriptParameter();

    /** Returns the microseconds in which an empty bucket fills, or the length of a window in microseconds. */
    long refillMicros();

    /**
     * The use of one counter, in whole microseconds and whole tokens.
     *
     * @param at for a {@link TokenBucket} the theoretical arrival time, for a {@link SlidingWindow} the start of its window
     * @param previous the tokens used in the window before; 0 for a token bucket
     * @param current the tokens used in this window; 0 for a token bucket
     */
    record State(long at, long previous, long current) {
        /** The state of a counter without any use. */
        public static final State UNUSED = new State(0, 0, 0);
    }

    /**
     * The result of a request for tokens, before anything is charged.
     *
     * @param granted the number of tokens that the limit grants; 0 if it refuses
     * @param remaining the number of tokens left, after the grant if there is one
     * @param waitMicros the time until {@code least} tokens are available; 0 if they are available now, -1 if they never will be
     * @param resetMicros the time until the whole capacity is available, after the grant if there is one
     * @param busy whether the limit refuses only because requests in progress hold tokens
     */
    record Result(long granted, long remaining, long waitMicros, long resetMicros, boolean busy) {
        Result(long granted, long remaining, long waitMicros, long resetMicros) {
            this(granted, remaining, waitMicros, resetMicros, false);
        }
    }

    /**
     * Evaluates a request for at least {@code least} and at most {@code most} tokens. A request for zero tokens is always granted zero.
     *
     * @param now the time in microseconds since 1970
     */
    Result evaluate(State state, long now, long least, long most);

    /** Returns the state after the tokens that {@link #evaluate} granted at the same time were charged. */
    State charged(State state, long now, long tokens);

    /** Returns the state after tokens were refunded. */
    State refunded(State state, long now, long tokens);

    /**
     * Returns one node's share of this limit. Its capacity is the capacity divided by the number of nodes, but at least the cost of one
     * request; over time it allows no more than that part of the limit.
     */
    Limit share(int nodes, long cost);

    /**
     * Reads a limit such as {@code 5/min}, {@code 100/hour burst 20}, {@code 10/30s} or {@code sliding 1000/day}.
     *
     * @throws IllegalArgumentException if the text is invalid; the message says what was expected
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
            throw new IllegalArgumentException("a period of at most " + LONGEST.toDays() + " days");
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
            default -> throw new IllegalArgumentException("a period in s, min, hour or day");
        };
    }

    /** Checks the numbers that all limits have in common. */
    static void check(long tokens, Duration period) {
        if (tokens < 1) {
            throw new IllegalArgumentException("at least 1 token for each period");
        }
        if (period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a period of at least 1s");
        }
    }
}
