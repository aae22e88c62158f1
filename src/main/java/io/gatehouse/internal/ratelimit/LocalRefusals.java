package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one request knows from the {@link RefusalCache}: by which counters it is refused without Redis, or for which of them it asks
 * whether their refusal is repeated. Not thread-safe; belongs to one request.
 */
final class LocalRefusals {
    private final RefusalCache cache;
    /** The charges for which this request alone asks. */
    private List<CounterCharge> asked = List.of();

    LocalRefusals(RefusalCache cache) {
        this.cache = cache;
    }

    /** Returns the charges that this node refuses. If there are none, Redis decides, and {@link #answered} must be called afterwards. */
    List<RuleStatus> find(List<CounterCharge> charges) {
        List<RuleStatus> refused = new ArrayList<>(0);
        List<CounterCharge> ended = lookUp(charges, cache::left, refused);
        if (refused.isEmpty() && !ended.isEmpty()) {
            asked = lookUp(ended, cache::ask, refused);
            if (!refused.isEmpty()) { // another request asks for one of them
                asked.forEach(cache::withdraw);
                asked = List.of();
            }
        }
        return refused;
    }

    /** Adds the status of each charge that is refused to a list; returns the charges whose refusal has ended. */
    private static List<CounterCharge> lookUp(
            List<CounterCharge> charges, Function<CounterCharge, @Nullable Duration> cache, List<RuleStatus> refused) {
        List<CounterCharge> ended = List.of();
        for (CounterCharge charge : charges) {
            Duration left = charge.rule().mode() == RateLimitRule.Mode.ENFORCE ? cache.apply(charge) : null;
            if (left != null && left.isZero()) {
                ended = ended.isEmpty() ? new ArrayList<>() : ended;
                ended.add(charge);
            } else if (left != null) {
                refused.add(new RuleStatus(charge.rule(), charge.id(), true, 0, left, left));
            }
        }
        return ended;
    }

    /** Notes that a counter refuses this request. */
    void note(CounterCharge charge, Duration wait) {
        cache.note(charge, wait);
        if (!asked.isEmpty()) {
            asked.removeIf(other -> other.id().equals(charge.id()));
        }
    }

    /** Called when Redis has decided, or has not answered: the counters that were not noted refuse no more on this node. */
    void answered() {
        asked.forEach(charge -> cache.forget(charge.id()));
        asked = List.of();
    }
}
