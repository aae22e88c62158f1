package io.gatehouse.ratelimit;

import java.util.Optional;

/**
 * Supplies the limits of users by their plan, their contract or anything else that the application knows about them. An application
 * provides one CDI bean that implements it.
 *
 * <pre>{@code
 * @ApplicationScoped
 * public class PlanLimits implements LimitResolver {
 *     public Optional<String> limit(String rule, String user) {
 *         return plans.isPremium(user) ? Optional.of("6000/min burst 300") : Optional.empty();
 *     }
 * }
 * }</pre>
 *
 * <p>Gatehouse calls it in a background thread, waits at most 250 milliseconds for it and keeps the result for 30 seconds. At most
 * 32 calls are under way at a time, on each node. If it throws, takes longer, or returns null or an invalid limit, the rule's own limit
 * applies, and a warning is logged once for each rule. Implementations must be thread-safe. Without a bean, every rule has its own limit.
 */
@FunctionalInterface
public interface LimitResolver {

    /**
     * Returns the limit of a rule for one user, written as in rules, such as {@code 100/min burst 20} or {@code sliding 5/min}; empty
     * for the rule's own limit. Called for rules that count by user, alone or with other parts.
     *
     * @param rule the name of the rule
     * @param user the name of the user
     */
    Optional<String> limit(String rule, String user);
}
