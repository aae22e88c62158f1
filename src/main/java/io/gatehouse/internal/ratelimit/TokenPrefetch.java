package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RateLimitRule.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that this node has taken from counters in advance, so that most requests need no call to Redis. A rule decides by {@link
 * RateLimitRule#prefetchShare} how many a node may hold.
 *
 * <p>Tokens are charged when they are taken, so all nodes together never use more than the limit allows. A token may be used up to a
 * tenth of the period, at most ten seconds, after it was taken. In any period the limit is therefore exceeded by at most the tokens that
 * nodes hold, which is a twentieth of the capacity for all nodes together. Tokens that are not used in time, or that were held by a node
 * that died, are lost; {@link PrefetchedTokens} bounds how many. Bounded. Thread-safe.
 */
public final class TokenPrefetch {
    private static final int PART_OF_PERIOD = 10;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST = 10_000;

    private final LongSupplier nanoTime;
    private final IntSupplier nodes;
    private final LongAdder lost = new LongAdder();
    private final Cache<String, PrefetchedTokens> counters =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** @param nodes the number of nodes, 0 while it is unknown */
    TokenPrefetch(LongSupplier nanoTime, IntSupplier nodes) {
        this.nanoTime = nanoTime;
        this.nodes = nodes;
    }

    /** Returns the status of a counter from whose prefetched tokens the request was paid, or null if there are too few. */
    @Nullable
    RuleStatus take(CounterCharge charge) {
        PrefetchedTokens tokens = share(charge) == 0 ? null : counters.getIfPresent(charge.id());
        if (tokens == null) {
            return null;
        }
        long now = nanoTime.getAsLong();
        long left = tokens.take(charge.rule().cost(), now);
        return left < 0
                ? null
                : new RuleStatus(
                        charge.rule(),
                        charge.id(),
                        false,
                        tokens.shared() + left,
                        Duration.ZERO,
                        Duration.ofNanos(tokens.untilReset(now)));
    }

    /** Returns a charge of the tokens to request: what is to be taken in advance, too, unless another thread is already requesting it. */
    CounterCharge withRequestSize(CounterCharge charge) {
        long share = share(charge);
        PrefetchedTokens tokens = share == 0 ? null : tokens(charge, isAlways(charge));
        if (tokens == null) {
            return charge;
        }
        long size = tokens.requestSize(
                charge.rule().cost(),
                share,
                isAlways(charge),
                nanoTime.getAsLong(),
                life(charge.rule()),
                LONGEST.toNanos());
        return size == charge.tokens() ? charge : charge.withTokens(size);
    }

    /** Ends a request for more than the cost, whether it was granted or not. */
    void requestDone(CounterCharge charge) {
        PrefetchedTokens tokens = counters.getIfPresent(charge.id());
        if (tokens != null) {
            tokens.requestDone();
        }
    }

    /**
     * Keeps what a request did not need of its grant.
     *
     * @param status the status that the request got
     */
    void granted(CounterCharge charge, Limit.Result result, RuleStatus status) {
        long share = share(charge);
        PrefetchedTokens tokens = share == 0 ? null : tokens(charge, true);
        if (tokens != null) {
            tokens.granted(
                    result.granted(),
                    charge.rule().cost(),
                    share,
                    result.remaining(),
                    status.reset().toNanos(),
                    nanoTime.getAsLong(),
                    life(charge.rule()));
        }
    }

    /** Puts back what a refused request had taken here. */
    void putBack(CounterCharge charge) {
        PrefetchedTokens tokens = counters.getIfPresent(charge.id());
        if (tokens != null) {
            tokens.putBack(charge.rule().cost(), share(charge), nanoTime.getAsLong());
        }
    }

    /** Records that a charge is refunded in Redis. */
    void refunded(CounterCharge charge) {
        PrefetchedTokens tokens = counters.getIfPresent(charge.id());
        if (tokens != null) {
            tokens.refunded(charge.tokens());
        }
    }

    void forget(String id) {
        counters.invalidate(id);
    }

    /** Returns how many valid prefetched tokens this node holds, for all counters together. */
    public long outstanding() {
        long now = nanoTime.getAsLong();
        return counters.asMap().values().stream()
                .mapToLong(tokens -> tokens.valid(now))
                .sum();
    }

    /** Returns how many prefetched tokens have been lost on this node, because no request used them in time. */
    public long lost() {
        return lost.sum();
    }

    /** Returns by how many tokens all nodes together may exceed the limit of a counter of a rule. */
    public long bound(RateLimitRule rule) {
        return rule.prefetchShare(nodes.getAsInt()) * Math.max(1, nodes.getAsInt());
    }

    private PrefetchedTokens created(String unused) {
        return new PrefetchedTokens(lost);
    }

    private @Nullable PrefetchedTokens tokens(CounterCharge charge, boolean create) {
        return create ? counters.get(charge.id(), this::created) : counters.getIfPresent(charge.id());
    }

    private long share(CounterCharge charge) {
        return charge.rule().prefetchShare(nodes.getAsInt());
    }

    private static boolean isAlways(CounterCharge charge) {
        return charge.rule().lease() == Lease.ALWAYS;
    }

    private static long life(RateLimitRule rule) {
        return Math.min(
                LONGEST.toNanos(),
                rule.limit().period().dividedBy(PART_OF_PERIOD).toNanos());
    }
}
