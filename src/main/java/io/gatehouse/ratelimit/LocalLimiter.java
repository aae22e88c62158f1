package io.gatehouse.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Limits of this node alone, for while Redis is away: the same arithmetic with each limit divided by the number of nodes, so
 * that together they let through about what the limit says. It remembers a bounded number of counters, and for a new one
 * nothing of what Redis knew. Safe for use by several threads.
 */
final class LocalLimiter {
    private static final int MOST_COUNTERS = 100_000;

    private final InstantSource clock;
    private final IntSupplier nodes;
    private final Cache<String, Usage> usages = Caffeine.newBuilder()
            .maximumSize(MOST_COUNTERS)
            .expireAfterWrite(Duration.ofDays(1))
            .build();

    LocalLimiter(InstantSource clock, IntSupplier nodes) {
        this.clock = clock;
        this.nodes = nodes;
    }

    /** Judges all charges and charges all or none. */
    synchronized List<Verdict> decide(List<Charge> charges) {
        List<Verdict> verdicts = new ArrayList<>(charges.size());
        boolean refused = false;
        for (Charge charge : charges) {
            Verdict verdict = judge(charge);
            verdicts.add(verdict);
            refused |= verdict.granted() < charge.rule().cost() && charge.rule().mode() == RateLimitRule.Mode.ENFORCE;
        }
        for (int i = 0; i < verdicts.size() && !refused; i++) {
            if (verdicts.get(i).granted() > 0) {
                usages.put(charges.get(i).partition().hash(), verdicts.get(i).after());
            }
        }
        return verdicts;
    }

    private Verdict judge(Charge charge) {
        long cost = charge.rule().cost();
        return share(charge).judge(usage(charge), now(), cost, cost);
    }

    /** Gives back what charges have cost. */
    synchronized void refund(List<Charge> charges) {
        for (Charge charge : charges) {
            Usage less =
                    share(charge).refunded(usage(charge), now(), charge.rule().cost());
            usages.put(charge.partition().hash(), less);
        }
    }

    /** Forgets a counter. */
    void reset(Partition partition) {
        usages.invalidate(partition.hash());
    }

    private Limit share(Charge charge) {
        return charge.rule().limit().share(nodes.getAsInt(), charge.rule().cost());
    }

    private Usage usage(Charge charge) {
        Usage known = usages.getIfPresent(charge.partition().hash());
        return known == null ? Usage.NONE : known;
    }

    private long now() {
        return clock.millis() * 1000;
    }
}
