package io.gatehouse.internal.redis;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The moment by which an exchange must be over. */
public record Deadline(long halfNanos, long endNanos, LongSupplier nanoTime) {

    public static Deadline after(Duration time, LongSupplier nanoTime) {
        long now = nanoTime.getAsLong();
        return new Deadline(now + time.toNanos() / 2, now + time.toNanos(), nanoTime);
    }

    public boolean hasPassed() {
        return endNanos - nanoTime.getAsLong() <= 0;
    }

    public boolean isHalfPassed() {
        return halfNanos - nanoTime.getAsLong() <= 0;
    }

    /** Whole milliseconds that are left, at least one; throws when none are. */
    public int remainingMillis() {
        long left = endNanos - nanoTime.getAsLong();
        if (left <= 0) {
            throw new RedisUnavailableException(Reason.TIMEOUT, "Redis did not answer in time", null);
        }
        return (int) Math.max(1, left / 1_000_000);
    }

    /** The same, but one when none are left: for a reply that may be here already. */
    public int patienceMillis() {
        return (int) Math.max(1, (endNanos - nanoTime.getAsLong()) / 1_000_000);
    }
}
