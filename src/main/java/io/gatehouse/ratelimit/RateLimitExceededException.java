package io.gatehouse.ratelimit;

import io.gatehouse.GatehouseException;

/**
 * Thrown if a {@link RateLimited} method is called more often than its rules allow. Uncaught, the request is answered 429 with
 * {@code Retry-After}.
 *
 * <pre>{@code
 * try {
 *     reports.create(request);
 * } catch (RateLimitExceededException e) {
 *     log.info("next report in " + e.decision().retryAfter());
 *     throw e;
 * }
 * }</pre>
 */
public class RateLimitExceededException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final transient Decision decision;

    /** Creates the exception; called by Gatehouse. */
    public RateLimitExceededException(String rules, Decision decision) {
        super("called more often than the rules " + rules + " allow", null);
        this.decision = decision;
    }

    /** Returns the decision of the rules. */
    public final Decision decision() {
        return decision;
    }
}
