package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The tokens that this node has taken from shared counters in advance, so that most requests to a busy endpoint need no call to Redis.
 *
 * <p>Tokens are charged when they are taken, so all nodes together never use more than the limit allows. A token may be used up to a
 * tenth of the period, at most ten seconds, after it was taken. In any period the limit is therefore exceeded by at most the tokens that
 * nodes hold, which is a twentieth of the capacity for all nodes together. Tokens that are not used in time, or that were held by a node
 * that died, are lost. Bounded. Thread-safe.
 */
final class TokenPrefetch {
    private static final int PART_OF_CAPACITY = 20;
    private static final int PART_OF_PERIOD = 10;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST = 10_000;

    private final LongSupplier nanoTime;
    private final IntSupplier nodes;
    private final Cache<String, Tokens> prefetched =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** The counters for which a thread is requesting tokens, and until when other threads do not. */
    private final ConcurrentMap<String, Long> requests =
            Caffeine.newBuilder().maximumSize(MOST).<String, Long>build().asMap();

    /** Tokens of one counter, valid until a time of {@code nanoTime}. */
    private record Tokens(long count, long until) {}

    TokenPrefetch(LongSupplier nanoTime, IntSupplier nodes) {
        this.nanoTime = nanoTime;
        this.nodes = nodes;
    }

    /**
     * Returns a charge of the tokens to request: this node's share, or only the cost of the request if another thread is already requesting
     * the share, so that a node never holds two shares.
     */
    CounterCharge withRequestSize(CounterCharge charge) {
        long now = nanoTime.getAsLong();
        Long until = requests.get(charge.id());
        boolean first = until == null
                ? requests.putIfAbsent(charge.id(), now + LONGEST.toNanos()) == null
                : until - now <= 0 && requests.replace(charge.id(), until, now + LONGEST.toNanos());
        return charge.withTokens(first ? share(charge.rule()) : charge.rule().cost());
    }

    /** Ends the request for this node's share, whether it was granted or not. */
    void requestDone(CounterCharge charge) {
        requests.remove(charge.id());
    }

    /** Returns how many tokens one node takes at once. The shares of all nodes together are a twentieth of the capacity. */
    private long share(RateLimitRule rule) {
        return Math.max(rule.cost(), rule.limit().capacity() / ((long) PART_OF_CAPACITY * nodes.getAsInt()));
    }

    /** Takes the cost of a request from the prefetched tokens; returns how many are left, or -1 if there are too few. */
    long take(CounterCharge charge) {
        long cost = charge.rule().cost();
        long[] left = {-1};
        prefetched.asMap().computeIfPresent(charge.id(), (id, tokens) -> {
            if (tokens.until() - nanoTime.getAsLong() <= 0) {
                return null;
            }
            if (tokens.count() < cost) {
                return tokens;
            }
            left[0] = tokens.count() - cost;
            return left[0] == 0 ? null : new Tokens(left[0], tokens.until());
        });
        return left[0];
    }

    /** Keeps tokens for later requests: what a request did not need of its grant, or what a refused request had taken. */
    void keep(CounterCharge charge, long tokens) {
        if (tokens <= 0) {
            return;
        }
        Duration life = charge.rule().limit().period().dividedBy(PART_OF_PERIOD);
        long until = nanoTime.getAsLong() + (life.compareTo(LONGEST) < 0 ? life : LONGEST).toNanos();
        prefetched
                .asMap()
                .merge(
                        charge.id(),
                        new Tokens(tokens, until),
                        (held, more) -> held.until() - nanoTime.getAsLong() <= 0
                                ? more
                                : new Tokens(held.count() + more.count(), held.until()));
    }

    void forget(String id) {
        prefetched.invalidate(id);
    }

    /** Returns how many valid prefetched tokens this node holds, for all counters together. */
    long outstanding() {
        long now = nanoTime.getAsLong();
        return prefetched.asMap().values().stream()
                .filter(tokens -> tokens.until() - now > 0)
                .mapToLong(Tokens::count)
                .sum();
    }
}
