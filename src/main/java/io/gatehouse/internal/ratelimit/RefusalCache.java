package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The counters that have no tokens left, and until when, so that clients that keep trying are refused without a call to Redis. A
 * note counts ten seconds at most, so a reset on another node takes effect here after at most that time. Bounded. Thread-safe.
 */
final class RefusalCache {
    static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST = 100_000;

    private final LongSupplier nanoTime;
    private final Cache<String, Until> notes =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** When Redis is to be asked again, and when the reported wait ends; both by {@code nanoTime}. */
    private record Until(long asked, long reported) {}

    RefusalCache(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void note(CounterCharge charge, Duration wait) {
        long now = nanoTime.getAsLong();
        Duration shorter = wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
        notes.put(charge.id(), new Until(now + shorter.toNanos(), now + wait.toNanos()));
    }

    /** Returns how long a counter is known to have no tokens left; zero if that is not known. */
    Duration left(CounterCharge charge) {
        Until until = notes.getIfPresent(charge.id());
        if (until == null) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        if (until.asked() - now <= 0) {
            notes.invalidate(charge.id());
            return Duration.ZERO;
        }
        return Duration.ofNanos(until.reported() - now);
    }

    void forget(CounterCharge charge) {
        notes.invalidate(charge.id());
    }
}
