package io.gatehouse.internal.ratelimit;

import io.gatehouse.ratelimit.CounterStatus;
import io.gatehouse.ratelimit.Decision;
import java.time.Duration;
import java.util.List;

/**
 * The decision of all rules that match a request, with the rules themselves, which the response headers need. {@link #toDecision}
 * returns the form that applications see. Immutable.
 */
public sealed interface LimitDecision {

    /** Returns one status for each rule, in the order of the rules. */
    List<RuleStatus> statuses();

    /** Returns the decision as applications see it. */
    default Decision toDecision() {
        List<CounterStatus> counters =
                statuses().stream().map(RuleStatus::toCounterStatus).toList();
        if (this instanceof Refused refused) {
            return new Decision.Refused(counters, refused.retryAfter());
        }
        if (this instanceof Unavailable unavailable) {
            return new Decision.Unavailable(counters, unavailable.closed(), unavailable.retryAfter());
        }
        return this instanceof Allowed allowed
                ? new Decision.Allowed(counters, allowed.unlimited())
                : new Decision.Denied();
    }

    /**
     * The request is allowed, and was charged to all its rules.
     *
     * @param unlimited whether the request met no rule
     */
    record Allowed(List<RuleStatus> statuses, boolean unlimited) implements LimitDecision {
        public Allowed {
            statuses = List.copyOf(statuses);
        }

        /** Creates the decision of a request, for which it does not matter whether it met a rule. */
        public Allowed(List<RuleStatus> statuses) {
            this(statuses, false);
        }
    }

    /**
     * The request exceeds a limit, and was charged to no rule.
     *
     * @param retryAfter the time until the last of the exceeded rules has enough tokens, if no other request takes them
     */
    record Refused(List<RuleStatus> statuses, Duration retryAfter) implements LimitDecision {
        public Refused {
            statuses = List.copyOf(statuses);
        }
    }

    /**
     * Redis is unavailable, and a matching rule refuses requests then.
     *
     * @param closed the names of the rules that refuse while Redis is unavailable
     * @param retryAfter how long to wait before the next try
     */
    record Unavailable(List<RuleStatus> statuses, List<String> closed, Duration retryAfter) implements LimitDecision {
        public Unavailable {
            statuses = List.copyOf(statuses);
            closed = List.copyOf(closed);
        }
    }

    /** The address is on the deny list. */
    record Denied() implements LimitDecision {
        @Override
        public List<RuleStatus> statuses() {
            return List.of();
        }
    }
}
