package io.gatehouse.internal.ratelimit;

import java.time.Duration;
import java.util.List;

/** The decision of all rules that a request met, with the rules; {@link Decisions} makes of it what applications see. */
public sealed interface LimitDecision {

    /** One line for each rule, in the order of the rules. */
    List<RuleStatus> standings();

    /** The request may pass, and was charged to all its rules. */
    record Allowed(List<RuleStatus> standings) implements LimitDecision {
        public Allowed {
            standings = List.copyOf(standings);
        }
    }

    /**
     * The request may not pass, and was charged to none.
     *
     * @param retryAfter when the last of the rules that refused will let it through, if nothing else comes between
     */
    record Refused(List<RuleStatus> standings, Duration retryAfter) implements LimitDecision {
        public Refused {
            standings = List.copyOf(standings);
        }
    }

    /**
     * The request may not pass, because nobody can count it: Redis is away, and a rule that it met is closed then.
     *
     * @param closed the names of these rules
     * @param retryAfter when it is worth another try
     */
    record Unavailable(List<RuleStatus> standings, List<String> closed, Duration retryAfter) implements LimitDecision {
        public Unavailable {
            standings = List.copyOf(standings);
            closed = List.copyOf(closed);
        }
    }

    /** The request may not pass, because its address is on the list of those that never may. */
    record Denied() implements LimitDecision {
        @Override
        public List<RuleStatus> standings() {
            return List.of();
        }
    }
}
