package io.gatehouse.internal.ratelimit;

import io.gatehouse.ratelimit.RuleStatistics;
import java.util.concurrent.atomic.LongAdder;

/** The adders behind {@link RuleStatistics}. Thread-safe. */
final class RuleCounters {
    final LongAdder allowed = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder wouldRefuse = new LongAdder();
    final LongAdder locally = new LongAdder();
    final LongAdder withoutRedis = new LongAdder();

    RuleStatistics snapshot(String rule) {
        return new RuleStatistics(
                rule, allowed.sum(), refused.sum(), wouldRefuse.sum(), locally.sum(), withoutRedis.sum());
    }
}
