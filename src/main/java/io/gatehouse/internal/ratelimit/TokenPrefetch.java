package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Tokens that this node has taken from shared counters in advance, so that most requests of a busy endpoint need not ask
 * Redis. They were charged when they were taken, so all nodes together never use more than the limit gives; but a token may
 * be used up to a tenth of the period, at most ten seconds, after it was taken. So in any period the limit is exceeded by no
 * more than what nodes hold, which is a twentieth of the capacity for all of them together. What is not used in time is lost,
 * and so is what a node held that died. Thread-safe.
 */
final class TokenPrefetch {
    private static final int PART_OF_CAPACITY = 20;
    private static final int PART_OF_PERIOD = 10;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST = 10_000;

    private final LongSupplier nanoTime;
    private final IntSupplier nodes;
    private final Cache<String, Lease> leases =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** The counters for which a thread requests a lease, and until when other threads leave that to it. */
    private final ConcurrentMap<String, Long> asking =
            Caffeine.newBuilder().maximumSize(MOST).<String, Long>build().asMap();

    /** Tokens of one counter, good until a time. */
    private record Lease(long tokens, long until) {}

    TokenPrefetch(LongSupplier nanoTime, IntSupplier nodes) {
        this.nanoTime = nanoTime;
        this.nodes = nodes;
    }

    /**
     * Returns how many tokens to request: a lease, unless another thread is requesting one, so that a node never holds two; else
     * the cost of a request.
     */
    long wish(CounterCharge charge) {
        long now = nanoTime.getAsLong();
        Long until = asking.get(charge.id());
        boolean first = until == null
                ? asking.putIfAbsent(charge.id(), now + LONGEST.toNanos()) == null
                : until - now <= 0 && asking.replace(charge.id(), until, now + LONGEST.toNanos());
        return first ? size(charge.rule()) : charge.rule().cost();
    }

    /** Ends the request for a lease, whether it was granted or not. */
    void answered(CounterCharge charge) {
        asking.remove(charge.id());
    }

    /** How many tokens one node asks for at once: this many times the nodes bounds what is used late. */
    private long size(RateLimitRule rule) {
        return Math.max(rule.cost(), rule.limit().capacity() / ((long) PART_OF_CAPACITY * nodes.getAsInt()));
    }

    /** Takes the tokens of a request from those at hand; returns how many are left, or -1 if there are too few. */
    long take(CounterCharge charge) {
        long cost = charge.rule().cost();
        long[] left = {-1};
        leases.asMap().computeIfPresent(charge.id(), (hash, lease) -> {
            if (lease.until() - nanoTime.getAsLong() <= 0) {
                return null;
            }
            if (lease.tokens() < cost) {
                return lease;
            }
            left[0] = lease.tokens() - cost;
            return left[0] == 0 ? null : new Lease(left[0], lease.until());
        });
        return left[0];
    }

    /** Keeps tokens for later: those of a lease beyond what its request needed, or those of a request that was refused. */
    void keep(CounterCharge charge, long tokens) {
        if (tokens <= 0) {
            return;
        }
        Duration life = charge.rule().limit().period().dividedBy(PART_OF_PERIOD);
        long until = nanoTime.getAsLong() + (life.compareTo(LONGEST) < 0 ? life : LONGEST).toNanos();
        leases.asMap()
                .merge(
                        charge.id(),
                        new Lease(tokens, until),
                        (held, more) -> held.until() - nanoTime.getAsLong() <= 0
                                ? more
                                : new Lease(held.tokens() + more.tokens(), held.until()));
    }

    void forget(CounterCharge charge) {
        leases.invalidate(charge.id());
    }

    /** How many tokens are at hand for all counters together. */
    long outstanding() {
        long now = nanoTime.getAsLong();
        return leases.asMap().values().stream()
                .filter(lease -> lease.until() - now > 0)
                .mapToLong(Lease::tokens)
                .sum();
    }
}
