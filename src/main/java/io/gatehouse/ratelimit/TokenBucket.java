package io.gatehouse.ratelimit;

import java.time.Duration;

/**
 * A bucket of {@code burst} tokens that fills by {@code tokens} in each period: the generic cell rate algorithm (ITU-T I.371),
 * which remembers one time only, the theoretical arrival time. Where a period cannot be divided evenly the interval is
 * rounded up, so that never more than the limit gets through.
 *
 * @param burst how many tokens a full bucket has
 */
record TokenBucket(long tokens, Duration period, long burst) implements Limit {

    TokenBucket {
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
    public Verdict judge(Usage usage, long now, long least, long most) {
        long interval = first();
        long full = second();
        long arrival = Math.min(Math.max(usage.at(), now), now + full); // later than that if the clock stepped back
        long free = (full - (arrival - now)) / interval;
        long granted = free >= least ? Math.min(most, free) : 0;
        long after = arrival + granted * interval;
        long wait = least > burst ? -1 : Math.max(0, arrival + least * interval - now - full);
        return new Verdict(granted, free - granted, granted >= least ? 0 : wait, after - now, new Usage(after, 0, 0));
    }

    @Override
    public Usage refunded(Usage usage, long now, long tokens) {
        long arrival = usage.at() - tokens * first();
        return arrival > now ? new Usage(arrival, 0, 0) : Usage.NONE;
    }

    @Override
    public Limit share(int nodes, long cost) {
        long parts = Math.max(1, Math.min(nodes, EXACT / 4 / second()));
        return parts == 1 ? this : new TokenBucket(tokens, period.multipliedBy(parts), Math.max(cost, burst / parts));
    }
}
