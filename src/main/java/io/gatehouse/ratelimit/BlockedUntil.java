package io.gatehouse.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Which counters have nothing left, and until when, so that who keeps asking is refused without asking Redis. A note counts
 * ten seconds at most: that is how long a reset on another node may take to be felt here. Bounded; safe for use by several
 * threads.
 */
final class BlockedUntil {
    static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST = 100_000;

    private final LongSupplier nanoTime;
    private final Cache<String, Until> notes =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** When asking again is of use, and when the wait that was told is over; both by {@code nanoTime}. */
    private record Until(long asked, long told) {}

    BlockedUntil(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void note(Partition partition, Duration wait) {
        long now = nanoTime.getAsLong();
        Duration shorter = wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
        notes.put(partition.hash(), new Until(now + shorter.toNanos(), now + wait.toNanos()));
    }

    /** How long a counter is still known to have nothing; zero if that is not known. */
    Duration left(Partition partition) {
        Until until = notes.getIfPresent(partition.hash());
        if (until == null) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        if (until.asked() - now <= 0) {
            notes.invalidate(partition.hash());
            return Duration.ZERO;
        }
        return Duration.ofNanos(until.told() - now);
    }

    void forget(Partition partition) {
        notes.invalidate(partition.hash());
    }
}
