package io.gatehouse.redis;

import io.gatehouse.redis.RedisUnavailable.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The moment by which an exchange must be over. */
record Deadline(long halfNanos, long endNanos, LongSupplier nanoTime) {

    static Deadline in(Duration time, LongSupplier nanoTime) {
        long now = nanoTime.getAsLong();
        return new Deadline(now + time.toNanos() / 2, now + time.toNanos(), nanoTime);
    }

    boolean isOver() {
        return endNanos - nanoTime.getAsLong() <= 0;
    }

    boolean isHalfOver() {
        return halfNanos - nanoTime.getAsLong() <= 0;
    }

    /** Whole milliseconds that are left, at least one; throws when none are. */
    int remainingMillis() {
        long left = endNanos - nanoTime.getAsLong();
        if (left <= 0) {
            throw new RedisUnavailable(Reason.TIMEOUT, "Redis did not answer in time", null);
        }
        return (int) Math.max(1, left / 1_000_000);
    }

    /** The same, but one when none are left: for a reply that may be here already. */
    int patienceMillis() {
        return (int) Math.max(1, (endNanos - nanoTime.getAsLong()) / 1_000_000);
    }
}
