package io.gatehouse.internal.session.lease;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The right of this node to answer from its copy of one session for a short time. {@link HeldLeases} decides whether it is valid.
 * Thread-safe.
 */
public final class Lease {
    private final LeaseRequest request;
    private final long length;
    private final long redisTime;
    private final AtomicBoolean renewing = new AtomicBoolean();

    /**
     * Creates a lease that Redis has granted.
     *
     * @param length the time for which it is valid, counted from before the request was sent
     * @param redisTime the time of the Redis server when it granted the lease, in milliseconds since 1970
     */
    Lease(LeaseRequest request, Duration length, long redisTime) {
        this.request = request;
        this.length = length.toNanos();
        this.redisTime = redisTime;
    }

    LeaseRequest request() {
        return request;
    }

    /** Returns the length in nanoseconds. */
    long length() {
        return length;
    }

    /** Returns the tag of the session's user, or null if it has none. */
    public @Nullable String userTag() {
        return request.userTag();
    }

    /** Returns the time of the Redis server when it granted the lease, in milliseconds since 1970. */
    public long redisTime() {
        return redisTime;
    }

    /** Returns whether the caller is the first to renew the lease. Other requests use it meanwhile. */
    boolean beginRenewal() {
        return !renewing.get() && renewing.compareAndSet(false, true);
    }
}
