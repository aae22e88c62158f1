package io.gatehouse.internal.rules;

import java.time.Duration;

/**
 * As many tokens in any window as the limit says, by the sliding window counter: what was used in this window, and of the
 * window before the share that still reaches into the last {@code window}, rounded up. The first use begins a window, so
 * within one window of it the count is exact; later the use of the window before is taken to be even.
 */
public record SlidingWindow(long tokens, Duration period) implements Limit {
    private static final long MICROS = 1000;

    public SlidingWindow {
        Limit.check(tokens, period);
        if (tokens > EXACT / period.toMillis()) {
            throw new IllegalArgumentException("a smaller number or a shorter time: it cannot be counted exactly");
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
    public long first() {
        return tokens;
    }

    /** Microseconds in a window. */
    @Override
    public long second() {
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
        long end = moved.at() + millis * MICROS; // of this window
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

    /** The same, seen from the window in which now is. */
    private State moved(State state, long now) {
        long window = second();
        long at = Math.min(state.at(), now); // not later, even if the clock stepped back
        if (now - at >= 2 * window) {
            return new State(now, 0, 0);
        }
        return now - at >= window
                ? new State(at + window, state.current(), 0)
                : new State(at, state.previous(), state.current());
    }

    /** Milliseconds of the window before that still count. */
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
