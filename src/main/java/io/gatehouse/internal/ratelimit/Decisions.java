package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.ratelimit.CounterStatus;
import io.gatehouse.ratelimit.Decision;
import java.util.List;

/** Makes what applications see of a decision. */
public final class Decisions {
    private Decisions() {}

    /** Returns the decision without the rules behind it. */
    public static Decision of(LimitDecision decision) {
        List<CounterStatus> counters = counters(decision.standings());
        if (decision instanceof LimitDecision.Refused refused) {
            return new Decision.Refused(counters, refused.retryAfter());
        }
        if (decision instanceof LimitDecision.Unavailable unavailable) {
            return new Decision.Unavailable(counters, unavailable.closed(), unavailable.retryAfter());
        }
        return decision instanceof LimitDecision.Denied ? new Decision.Denied() : new Decision.Allowed(counters);
    }

    static List<CounterStatus> counters(List<RuleStatus> ruleStatus) {
        return ruleStatus.stream().map(Decisions::counter).toList();
    }

    private static CounterStatus counter(RuleStatus standing) {
        RateLimitRule rule = standing.rule();
        return new CounterStatus(
                rule.name(),
                standing.partition(),
                rule.limit().capacity(),
                standing.remaining(),
                standing.violated(),
                rule.mode() == RateLimitRule.Mode.ENFORCE,
                standing.retryAfter(),
                standing.reset());
    }
}
