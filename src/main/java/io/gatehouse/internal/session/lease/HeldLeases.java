package io.gatehouse.internal.session.lease;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one node on sessions (Gray and Cheriton, Leases, SOSP 1989). Sends nothing. Thread-safe.
 *
 * <p>A lease begins before its request is sent, so it ends on this node before any writer stops waiting for its end. It is
 * valid as long as
 *
 * <ul>
 *   <li>less than its length has passed, by the monotonic clock and by the wall clock. The monotonic clock may stand still while a machine
 *       is suspended, and the wall clock can be set; a lease is valid only if both agree.
 *   <li>this node has not let go of the session, or of all sessions of its user, since before the request was sent.
 * </ul>
 *
 * <p>The second rule covers a message that overtakes the reply: the node lets go before it has the lease, and the lease is then invalid from
 * the beginning. To let go, a node counts up a generation; requests for leases remember it. Sessions share generations by their hash, which
 * may end the lease of another session early.
 */
public final class HeldLeases {
    /** The maximum length of a lease. */
    public static final Duration LONGEST = Duration.ofSeconds(2);

    /** The share of the idle timeout that a lease may last. */
    private static final int IDLE_SHARE = 8;

    /** A lease is renewed in its last quarter. */
    private static final int RENEWAL_SHARE = 4;

    private static final int GENERATIONS = 4096;

    private final String node;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLongArray generations = new AtomicLongArray(GENERATIONS);

    /**
     * Creates the leases of a node.
     *
     * @param node the name of this start of the node
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public HeldLeases(String node, LongSupplier nanoTime, InstantSource clock) {
        this.node = node;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** Returns a new request for a lease on a session. To be called before the session is read. */
    public LeaseRequest request(String lookup, @Nullable String userTag) {
        // the time before the number: a lease with a lower number must not begin after one with a higher
        long askedAt = nanoTime.getAsLong();
        long askedAtMillis = clock.millis();
        return new LeaseRequest(
                node,
                requests.incrementAndGet(),
                lookup,
                userTag,
                askedAt,
                askedAtMillis,
                generation(lookup),
                generation(userTag));
    }

    /**
     * Returns the lease that Redis has granted.
     *
     * @param idleSeconds the idle timeout of the session; 0 for none
     * @param redisTime the time of the Redis server, in milliseconds since 1970
     */
    public Lease granted(LeaseRequest request, long idleSeconds, long redisTime) {
        Duration idleShare = Duration.ofSeconds(idleSeconds).dividedBy(IDLE_SHARE);
        boolean shorter = idleSeconds > 0 && idleShare.compareTo(LONGEST) < 0;
        return new Lease(request, shorter ? idleShare : LONGEST, redisTime);
    }

    /** Returns whether this node may answer from the copy that the lease belongs to. */
    public boolean isValid(Lease lease) {
        LeaseRequest request = lease.request();
        long millis = clock.millis() - request.askedAtMillis();
        return nanoTime.getAsLong() - request.askedAt() < lease.length()
                && millis >= 0
                && millis * 1_000_000 < lease.length()
                && generation(request.lookup()) == request.sessionGeneration()
                && generation(request.userTag()) == request.userGeneration();
    }

    /** Returns whether the caller should renew a valid lease. True for one caller only. */
    public boolean shouldRenew(Lease lease) {
        long left = lease.request().askedAt() + lease.length() - nanoTime.getAsLong();
        return left < lease.length() / RENEWAL_SHARE && lease.beginRenewal();
    }

    /** Returns a time of the Redis server that has not passed yet at the earliest, in milliseconds since 1970. */
    public long redisTime(Lease lease) {
        return lease.redisTime() + (nanoTime.getAsLong() - lease.request().askedAt()) / 1_000_000;
    }

    /** Lets go of a session, or of all sessions of a user: no lease that was requested before is valid after this call. */
    public void letGo(String lookupOrUserTag) {
        long unused = generations.incrementAndGet(index(lookupOrUserTag));
    }

    /** Lets go of all sessions. */
    public void letGoOfAll() {
        for (int i = 0; i < GENERATIONS; i++) {
            long unused = generations.incrementAndGet(i);
        }
    }

    private long generation(@Nullable String lookupOrUserTag) {
        return lookupOrUserTag == null ? 0 : generations.get(index(lookupOrUserTag));
    }

    private static int index(String text) {
        int hash = text.hashCode();
        return (hash ^ (hash >>> 16)) & (GENERATIONS - 1);
    }
}
