package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.session.RecentAuthRequiredException;
import io.gatehouse.session.SessionLimitReachedException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/**
 * The outcome of {@link RequestContext#open}: the application serves the request, or {@link ErrorResponses} answers it. A request
 * that was admitted can still get another outcome later, when its session cannot be saved. Immutable.
 */
sealed interface RequestOutcome {
    /** The outcome of a dispatch of a request that was admitted before. */
    RequestOutcome ADMITTED_BEFORE = new Admitted(new LimitDecision.Allowed(List.of()), false);

    /**
     * The application serves the request.
     *
     * @param authenticated whether the request has the token of a user, who may see counters by user
     */
    record Admitted(LimitDecision.Allowed decision, boolean authenticated) implements RequestOutcome {}

    /**
     * The rate limits do not admit the request.
     *
     * @param decision any but {@link LimitDecision.Allowed}
     * @param authenticated whether the request has the token of a user, who may see counters by user
     */
    record Refused(LimitDecision decision, boolean authenticated) implements RequestOutcome {}

    /** The login protection does not admit the request. */
    record LockedOut(LoginDecision.Denied lockout) implements RequestOutcome {}

    /** The request to a login form names more accounts than any person does, or its body is too long to be searched for them. */
    record UncountableLogin(int status) implements RequestOutcome {}

    /** The session cannot be read or saved now, because Redis does not answer. */
    record Unavailable(GatehouseException reason) implements RequestOutcome {}

    /** The session does not allow what the request wants. */
    record Rejected(int status, GatehouseException reason) implements RequestOutcome {}

    /**
     * The session has ended, but the container still remembers its user: the client must repeat the request without a login.
     *
     * @param admitted the outcome of the limits
     */
    record Reauthenticate(Admitted admitted) implements RequestOutcome {}

    /** Returns the name of an outcome in spans, which is part of the contract. */
    static String label(RequestOutcome outcome) {
        if (outcome instanceof Refused refused) {
            return refused.decision() instanceof LimitDecision.Refused
                    ? "refused"
                    : refused.decision() instanceof LimitDecision.Unavailable ? "unavailable" : "denied";
        }
        return outcome instanceof LockedOut || outcome instanceof UncountableLogin
                ? "locked_out"
                : outcome instanceof Unavailable ? "unavailable" : outcome instanceof Rejected ? "rejected" : "allowed";
    }

    /** Returns the outcome of a request that fails with an exception of Gatehouse. */
    static RequestOutcome of(GatehouseException reason, boolean authenticated) {
        if (reason instanceof RateLimitRefusal exceeded) {
            return new Refused(exceeded.refusal(), authenticated);
        }
        if (reason instanceof RecentAuthRequiredException) {
            return new Rejected(HttpServletResponse.SC_UNAUTHORIZED, reason);
        }
        if (reason instanceof SessionLimitReachedException) {
            return new Rejected(HttpServletResponse.SC_FORBIDDEN, reason);
        }
        return new Unavailable(reason);
    }
}
