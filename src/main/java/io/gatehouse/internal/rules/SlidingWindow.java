package io.gatehouse.internal.rules;

import java.time.Duration;

/**
 * A limit over a sliding window, computed by the sliding window counter (Cloudflare, "Counting things, a lot of different things", 2017).
 * The use at any time is the use of the current fixed window, plus the part of the previous window's use that still lies within the last
 * {@code period}, rounded up. The previous window's use is assumed to be evenly distributed. The first use starts a window, so the count is
 * exact during the first window. Immutable.
 */
public record SlidingWindow(long tokens, Duration period) implements Limit {
    private static final long MICROS = 1000;

    public SlidingWindow {
        Limit.check(tokens, period);
        if (tokens > EXACT / period.toMillis()) {
            throw new IllegalArgumentException(
                    "fewer tokens or a shorter period; this limit cannot be counted exactly");
        }
    }

    @Override
    public long capacity() {
        return tokens;
    }

    @Override
    public String kind() {
        return "w";
    }

    @Override
    public long scriptParameter() {
        return tokens;
    }

    @Override
    public long refillMicros() {
        return period.toMillis() * MICROS;
    }

    @Override
    public Result evaluate(State state, long now, long least, long most) {
        State moved = moved(state, now);
        long millis = period.toMillis();
        long left = left(moved, now);
        long free = Math.max(0, tokens - moved.current() - share(moved.previous(), left));
        long granted = free >= least ? Math.min(most, free) : 0;
        long end = moved.at() + millis * MICROS - now;
        long reset = moved.current() + granted > 0 ? end + millis * MICROS : moved.previous() > 0 ? end : 0;
        return new Result(granted, free - granted, granted >= least ? 0 : wait(moved, now, least), reset);
    }

    @Override
    public State charged(State state, long now, long tokens) {
        State moved = moved(state, now);
        return new State(moved.at(), moved.previous(), moved.current() + tokens);
    }

    private long wait(State moved, long now, long least) {
        long millis = period.toMillis();
        if (least > tokens) {
            return -1;
        }
        long end = moved.at() + millis * MICROS; // of the current window
        long room = tokens - moved.current() - least;
        if (room >= 0) {
            long share = moved.previous() == 0 ? millis : Math.min(millis, room * millis / moved.previous());
            return Math.max(0, end - share * MICROS - now);
        }
        long share = (tokens - least) * millis / moved.current();
        return end + (millis - Math.min(millis, share)) * MICROS - now;
    }

    @Override
    public State refunded(State state, long now, long tokens) {
        State moved = moved(state, now);
        long current = Math.max(0, moved.current() - tokens);
        long rest = tokens - (moved.current() - current);
        long previous = Math.max(0, moved.previous() - rest);
        return current + previous == 0 ? State.UNUSED : new State(moved.at(), previous, current);
    }

    /** Returns the state with the window that contains {@code now} as its current window. */
    private State moved(State state, long now) {
        long window = refillMicros();
        long at = Math.min(state.at(), now); // never in the future, even if the clock stepped back
        if (now - at >= 2 * window) {
            return new State(now, 0, 0);
        }
        return now - at >= window
                ? new State(at + window, state.current(), 0)
                : new State(at, state.previous(), state.current());
    }

    /** Returns how many milliseconds of the previous window still count. */
    private long left(State moved, long now) {
        return period.toMillis() - (now - moved.at()) / MICROS;
    }

    private long share(long previous, long left) {
        long millis = period.toMillis();
        return (previous * left + millis - 1) / millis;
    }

    @Override
    public Limit share(int nodes, long cost) {
        return nodes == 1 ? this : new SlidingWindow(Math.max(cost, tokens / nodes), period);
    }
}
