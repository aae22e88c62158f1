package io.gatehouse.redis;

import io.gatehouse.redis.RedisUnavailable.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The moment by which an exchange must be over. */
record Deadline(long endNanos, LongSupplier nanoTime) {

    static Deadline in(Duration time, LongSupplier nanoTime) {
        return new Deadline(nanoTime.getAsLong() + time.toNanos(), nanoTime);
    }

    boolean isOver() {
        return endNanos - nanoTime.getAsLong() <= 0;
    }

    /** Whole milliseconds that are left, at least one; throws when none are. */
    int remainingMillis() {
        long left = endNanos - nanoTime.getAsLong();
        if (left <= 0) {
            throw new RedisUnavailable(Reason.TIMEOUT, "Redis did not answer in time", null);
        }
        return (int) Math.max(1, left / 1_000_000);
    }
}
