package io.gatehouse.internal.rules;

import java.time.Duration;

/**
 * A token bucket of {@code burst} tokens that refills by {@code tokens} in each period, computed by the generic cell rate algorithm (ITU-T
 * I.371). Its state is one timestamp, the theoretical arrival time: the time at which the bucket is full again. A request for n tokens is
 * granted if the arrival time plus n intervals is at most one refill time after now. If the period is not a multiple of the tokens, the
 * interval is rounded up, so that the limit is never exceeded. Immutable.
 *
 * @param burst the number of tokens in a full bucket
 */
public record TokenBucket(long tokens, Duration period, long burst) implements Limit {

    public TokenBucket {
        Limit.check(tokens, period);
        if (burst < 1) {
            throw new IllegalArgumentException("a burst of at least 1");
        }
        long micros = period.toNanos() / 1000;
        if (tokens > micros) {
            throw new IllegalArgumentException("no more than 1000000 tokens a second");
        }
        if (burst > EXACT / 4 / interval(tokens, micros)) {
            throw new IllegalArgumentException("a smaller burst; this one would take centuries to refill");
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

    /** Returns the microseconds in which the bucket refills by one token. */
    private long intervalMicros() {
        return interval(tokens, period.toNanos() / 1000);
    }

    @Override
    public long scriptParameter() {
        return intervalMicros();
    }

    @Override
    public long refillMicros() {
        return intervalMicros() * burst;
    }

    @Override
    public Result evaluate(State state, long now, long least, long most) {
        long interval = intervalMicros();
        long full = refillMicros();
        long arrival = arrival(state, now);
        long free = (full - (arrival - now)) / interval;
        long granted = free >= least ? Math.min(most, free) : 0;
        long wait = least > burst ? -1 : Math.max(0, arrival + least * interval - now - full);
        return new Result(granted, free - granted, granted >= least ? 0 : wait, arrival + granted * interval - now);
    }

    /** Returns the theoretical arrival time, limited to one refill time after now. It can only be later if the clock stepped back. */
    private long arrival(State state, long now) {
        return Math.min(Math.max(state.at(), now), now + refillMicros());
    }

    @Override
    public State charged(State state, long now, long tokens) {
        return new State(arrival(state, now) + tokens * intervalMicros(), 0, 0);
    }

    @Override
    public State refunded(State state, long now, long tokens) {
        long arrival = state.at() - tokens * intervalMicros();
        return arrival > now ? new State(arrival, 0, 0) : State.UNUSED;
    }

    @Override
    public Limit share(int nodes, long cost) {
        long parts = Math.max(1, Math.min(nodes, EXACT / 4 / refillMicros()));
        return parts == 1 ? this : new TokenBucket(tokens, period.multipliedBy(parts), Math.max(cost, burst / parts));
    }
}
