package io.gatehouse.internal.redis;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The point in time at which an exchange with Redis fails, retries and waiting included. Immutable.
 *
 * @param halfNanos the time at which half of it has passed, on the scale of {@code nanoTime}
 * @param endNanos the deadline itself, on the scale of {@code nanoTime}
 */
public record Deadline(long halfNanos, long endNanos, LongSupplier nanoTime) {

    /** Returns a deadline that passes after the given time. */
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

    /**
     * Returns the milliseconds that are left, at least 1.
     *
     * @throws RedisUnavailableException if the deadline has passed
     */
    public int remainingMillis() {
        long left = endNanos - nanoTime.getAsLong();
        if (left <= 0) {
            throw new RedisUnavailableException(Reason.TIMEOUT, "Redis did not answer in time", null);
        }
        return (int) Math.max(1, left / 1_000_000);
    }

    /** Returns the milliseconds that are left, or 1 if the deadline has passed: the reply may have arrived already. */
    public int remainingMillisOrOne() {
        return (int) Math.max(1, (endNanos - nanoTime.getAsLong()) / 1_000_000);
    }
}
