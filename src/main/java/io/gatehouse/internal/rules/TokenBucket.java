package io.gatehouse.internal.rules;

import java.time.Duration;

/**
 * A bucket of {@code burst} tokens that fills by {@code tokens} in each period: the generic cell rate algorithm (ITU-T I.371),
 * which remembers one time only, the theoretical arrival time. Where a period cannot be divided evenly the interval is
 * rounded up, so that never more than the limit gets through.
 *
 * @param burst how many tokens a full bucket has
 */
public record TokenBucket(long tokens, Duration period, long burst) implements Limit {

    public TokenBucket {
        Limit.check(tokens, period);
        if (burst < 1) {
            throw new IllegalArgumentException("a burst of at least 1");
        }
        long micros = period.toNanos() / 1000;
        if (tokens > micros) {
            throw new IllegalArgumentException("no more than 1000000 a second");
        }
        if (burst > EXACT / 4 / interval(tokens, micros)) {
            throw new IllegalArgumentException("a smaller burst: it would take centuries to fill");
        }
    }

    private static long interval(long tokens, long micros) {
        return (micros + tokens - 1) / tokens;
    }

    @Override
    public long capacity() {
        return burst;
    }

    @Override
    public String kind() {
        return "b";
    }

    /** Microseconds in which one token comes. */
    @Override
    public long first() {
        return interval(tokens, period.toNanos() / 1000);
    }

    /** Microseconds in which the bucket fills. */
    @Override
    public long second() {
        return first() * burst;
    }

    @Override
    public Result evaluate(State state, long now, long least, long most) {
        long interval = first();
        long full = second();
        long arrival = arrival(state, now);
        long free = (full - (arrival - now)) / interval;
        long granted = free >= least ? Math.min(most, free) : 0;
        long wait = least > burst ? -1 : Math.max(0, arrival + least * interval - now - full);
        return new Result(granted, free - granted, granted >= least ? 0 : wait, arrival + granted * interval - now);
    }

    /** The theoretical arrival time is never later than a bucket takes to fill, unless the clock stepped back. */
    private long arrival(State state, long now) {
        return Math.min(Math.max(state.at(), now), now + second());
    }

    @Override
    public State charged(State state, long now, long tokens) {
        return new State(arrival(state, now) + tokens * first(), 0, 0);
    }

    @Override
    public State refunded(State state, long now, long tokens) {
        long arrival = state.at() - tokens * first();
        return arrival > now ? new State(arrival, 0, 0) : State.UNUSED;
    }

    @Override
    public Limit share(int nodes, long cost) {
        long parts = Math.max(1, Math.min(nodes, EXACT / 4 / second()));
        return parts == 1 ? this : new TokenBucket(tokens, period.multipliedBy(parts), Math.max(cost, burst / parts));
    }
}
