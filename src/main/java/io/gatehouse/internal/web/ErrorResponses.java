package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.tracing.Tracing;
import io.gatehouse.login.LoginDecision;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes the responses that Gatehouse gives in place of the application; no other class does. Responses to rate limits and lockouts
 * are complete, because an error page of the application could cost more than the request. All others are left to the error pages
 * of the application. Thread-safe.
 */
final class ErrorResponses {
    private static final System.Logger LOG = System.getLogger(ErrorResponses.class.getName());
    private static final String RETRY_AFTER_SECONDS = "2";
    private static final Pattern LEADING_SLASHES = Pattern.compile("^[/\\\\]+");

    private final CorsPolicy cors;
    private final Tracing tracing;

    /**
     * @param cors determines which scripts may read the responses
     * @param tracing receives an event for each response
     */
    ErrorResponses(CorsPolicy cors, Tracing tracing) {
        this.cors = cors;
        this.tracing = tracing;
    }

    /** Answers a request that arrives while the application stops. */
    void stopped(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        cors.apply(request, response);
        response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }

    /**
     * Answers a request according to its outcome.
     *
     * @param outcome any but {@link RequestOutcome.Admitted}, which the application answers
     * @throws IOException if the client has closed the connection
     */
    void send(RequestOutcome outcome, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (outcome instanceof RequestOutcome.Refused refused) {
            refused(refused, request, response);
        } else if (outcome instanceof RequestOutcome.LockedOut locked) {
            lockedOut(locked.lockout(), request, response);
        } else if (outcome instanceof RequestOutcome.UncountableLogin login) {
            cors.apply(request, response);
            response.sendError(login.status());
        } else if (outcome instanceof RequestOutcome.Unavailable unavailable) {
            error(HttpServletResponse.SC_SERVICE_UNAVAILABLE, unavailable.reason(), request, response);
        } else if (outcome instanceof RequestOutcome.Rejected rejected) {
            error(rejected.status(), rejected.reason(), request, response);
        } else if (outcome instanceof RequestOutcome.Reauthenticate) {
            redirectToSelf(request, response);
        }
        tracing.refused(response.getStatus(), RequestOutcome.label(outcome));
    }

    /** Replaces the response of the application, which is not committed yet. Logs if that fails. */
    void replace(RequestOutcome outcome, HttpServletRequest request, HttpServletResponse response) {
        try {
            send(outcome, request, response);
        } catch (IOException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "the error response could not be sent: {0}", e.getMessage());
        }
    }

    private void refused(RequestOutcome.Refused outcome, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (outcome.decision() instanceof LimitDecision.Refused refused) {
            RateLimitResponse.refuse(request, response, cors, refused, outcome.authenticated());
        } else if (outcome.decision() instanceof LimitDecision.Unavailable unavailable) {
            RateLimitResponse.refuse(
                    request,
                    response,
                    cors,
                    WebProblemType.TEMPORARY_REDUCED_CAPACITY,
                    unavailable.retryAfter(),
                    unavailable.closed());
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    private void lockedOut(LoginDecision.Denied lockout, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        WebProblemType type = lockout.reason() == LoginDecision.Reason.UNAVAILABLE
                ? WebProblemType.TEMPORARY_REDUCED_CAPACITY
                : WebProblemType.ABNORMAL_USAGE_DETECTED;
        RateLimitResponse.refuse(request, response, cors, type, lockout.retryAfter(), List.of());
    }

    private void error(int status, GatehouseException reason, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            LOG.log(System.Logger.Level.WARNING, "too late to answer {0}: {1}", status, reason.getMessage());
            return;
        }
        LOG.log(System.Logger.Level.DEBUG, "answered {0}: {1}", status, reason.getMessage());
        response.reset();
        if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        cors.apply(request, response);
        response.sendError(status);
    }

    /**
     * Has the client repeat a GET request; any other is answered 401. The Location names no host: servers take that from the Host
     * header, which clients choose. A path with several leading slashes would name a host as well.
     */
    private static void redirectToSelf(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("GET")) {
            String query = request.getQueryString();
            String path = LEADING_SLASHES.matcher(request.getRequestURI()).replaceFirst("/");
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", query == null ? path : path + "?" + query);
        } else {
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        }
    }
}
