package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A cache of the counters that have no tokens left, so that clients that keep trying are refused without a call to Redis. An entry is
 * valid for ten seconds at most, so a reset on another node takes effect on this one after at most that time. Bounded. Thread-safe.
 */
final class RefusalCache {
    static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST = 100_000;

    private final LongSupplier nanoTime;
    private final Cache<String, Until> refusals =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /**
     * The end of a refusal, both times by {@code nanoTime}.
     *
     * @param cached when the entry expires and Redis decides again
     * @param reported when the wait that clients are given ends
     */
    private record Until(long cached, long reported) {}

    RefusalCache(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void note(CounterCharge charge, Duration wait) {
        long now = nanoTime.getAsLong();
        Duration shorter = wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
        refusals.put(charge.id(), new Until(now + shorter.toNanos(), now + wait.toNanos()));
    }

    /** Returns how long a counter is known to have no tokens left; zero if that is not known. */
    Duration left(CounterCharge charge) {
        Until until = refusals.getIfPresent(charge.id());
        if (until == null) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        if (until.cached() - now <= 0) {
            refusals.invalidate(charge.id());
            return Duration.ZERO;
        }
        return Duration.ofNanos(until.reported() - now);
    }

    void forget(String id) {
        refusals.invalidate(id);
    }
}
