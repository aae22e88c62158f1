package io.gatehouse.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * The decision of all rules that a check met, taken together. A refused check is charged to no rule. Immutable.
 *
 * <pre>{@code
 * Decision decision = rateLimiter.checkUser("user123", "transfer");
 * if (!decision.isAllowed()) {
 *     response.setHeader("Retry-After", Long.toString(decision.retryAfter().toSeconds() + 1));
 *     response.sendError(429);
 *     return;
 * }
 * }</pre>
 */
public sealed interface Decision {

    /** Returns one status for each rule that the check met, in the order of the rules; unmodifiable. */
    List<CounterStatus> counters();

    /** Returns whether the call may proceed. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }

    /**
     * Returns whether the call is allowed because no rule applies to it, so that nothing was counted. If a limit was expected, the
     * rules do not name the endpoint.
     */
    default boolean isUnlimited() {
        return false;
    }

    /**
     * Returns the smallest number of tokens that an enforced rule has left after this call; empty if no enforced rule was
     * evaluated. A call takes as many tokens as its rule's {@code cost}.
     */
    default OptionalLong remaining() {
        return counters().stream()
                .filter(CounterStatus::isEnforced)
                .mapToLong(CounterStatus::remaining)
                .min();
    }

    /** Returns how long to wait before the next try; zero if the call is allowed, or if waiting does not help. */
    default Duration retryAfter() {
        return Duration.ZERO;
    }

    /**
     * The call may proceed; every rule was charged.
     *
     * @param counters one status for each rule
     * @param isUnlimited whether no rule applies to the call
     */
    record Allowed(List<CounterStatus> counters, boolean isUnlimited) implements Decision {
        public Allowed {
            counters = List.copyOf(counters);
        }
    }

    /**
     * The call exceeds a limit.
     *
     * @param counters one status for each rule
     * @param retryAfter the time until the last of the exceeded rules has enough tokens, if no other call takes them
     */
    record Refused(List<CounterStatus> counters, Duration retryAfter) implements Decision {
        public Refused {
            counters = List.copyOf(counters);
        }
    }

    /**
     * Redis is unavailable, and a rule is configured to refuse then.
     *
     * @param counters one status for each rule
     * @param closed the names of the rules that refuse while Redis is unavailable
     * @param retryAfter when another try is worthwhile
     */
    record Unavailable(List<CounterStatus> counters, List<String> closed, Duration retryAfter) implements Decision {
        public Unavailable {
            counters = List.copyOf(counters);
            closed = List.copyOf(closed);
        }
    }

    /** The address is on the deny list; waiting does not help. */
    record Denied() implements Decision {
        @Override
        public List<CounterStatus> counters() {
            return List.of();
        }
    }
}
