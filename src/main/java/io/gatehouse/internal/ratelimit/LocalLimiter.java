package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Counts requests on this node alone while Redis is unavailable. It uses the same arithmetic with each limit divided by the number of
 * nodes, so that all nodes together allow about as much as the limit. The counters start empty, whatever Redis has counted, and their
 * number is bounded. Thread-safe.
 */
final class LocalLimiter {
    private static final int MOST_COUNTERS = 100_000;

    private final InstantSource clock;
    private final IntSupplier nodes;
    private final Cache<String, Limit.State> states = Caffeine.newBuilder()
            .maximumSize(MOST_COUNTERS)
            .expireAfterWrite(Duration.ofDays(1))
            .build();

    LocalLimiter(InstantSource clock, IntSupplier nodes) {
        this.clock = clock;
        this.nodes = nodes;
    }

    /** Evaluates all charges, and charges all of them or none; returns one result for each. */
    synchronized List<Limit.Result> decide(List<CounterCharge> charges) {
        long now = now();
        List<Limit.Result> results = new ArrayList<>(charges.size());
        boolean refused = false;
        for (CounterCharge charge : charges) {
            long cost = charge.rule().cost();
            Limit.Result result = share(charge).evaluate(state(charge), now, cost, cost);
            results.add(result);
            refused |= result.granted() < cost && charge.rule().mode() == RateLimitRule.Mode.ENFORCE;
        }
        for (int i = 0; i < results.size() && !refused; i++) {
            CounterCharge charge = charges.get(i);
            long granted = results.get(i).granted();
            if (granted > 0) {
                states.put(charge.id(), share(charge).charged(state(charge), now, granted));
            }
        }
        return results;
    }

    /** Refunds the cost of charges. */
    synchronized void refund(List<CounterCharge> charges) {
        for (CounterCharge charge : charges) {
            Limit.State refunded =
                    share(charge).refunded(state(charge), now(), charge.rule().cost());
            states.put(charge.id(), refunded);
        }
    }

    /** Forgets a counter. */
    void forget(String id) {
        states.invalidate(id);
    }

    private Limit share(CounterCharge charge) {
        return charge.rule().limit().share(nodes.getAsInt(), charge.rule().cost());
    }

    private Limit.State state(CounterCharge charge) {
        Limit.State known = states.getIfPresent(charge.id());
        return known == null ? Limit.State.UNUSED : known;
    }

    private long now() {
        return clock.millis() * 1000;
    }
}
