package io.gatehouse.ratelimit;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a rule has done on this node since it started.
 *
 * @param rule its name
 * @param allowed requests that it let through
 * @param refused requests that it refused
 * @param wouldRefuse requests that it would have refused if it were enforced
 * @param locally how many of the refused were refused without asking Redis
 * @param away requests that it judged while Redis was away
 */
public record RuleStatistics(String rule, long allowed, long refused, long wouldRefuse, long locally, long away) {

    /** The counters behind it. Safe for use by several threads. */
    static final class Counters {
        final LongAdder allowed = new LongAdder();
        final LongAdder refused = new LongAdder();
        final LongAdder wouldRefuse = new LongAdder();
        final LongAdder locally = new LongAdder();
        final LongAdder away = new LongAdder();

        RuleStatistics snapshot(String rule) {
            return new RuleStatistics(rule, allowed.sum(), refused.sum(), wouldRefuse.sum(), locally.sum(), away.sum());
        }
    }
}
