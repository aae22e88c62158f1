package io.gatehouse.internal.web;

import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.RuleStatus;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reports rate limits to clients: headers in the response to an admitted request, and a complete response with
 * problem details (RFC 9457) to a refused one. An error page of the application is not used, because it may cost more than the request
 * would have. Caches do not store these responses (RFC 6585, section 4).
 */
final class RateLimitResponse {
    private static final System.Logger LOG = System.getLogger(RateLimitResponse.class.getName());

    private RateLimitResponse() {}

    /** Sets the headers in the response to an admitted request. */
    static void success(HttpServletResponse response, LimitDecision.Allowed decision, boolean authenticated) {
        set(response, "RateLimit-Policy", RateLimitHeaders.policy(decision.statuses(), authenticated));
        set(response, "RateLimit", RateLimitHeaders.limit(decision.statuses(), authenticated));
    }

    /**
     * Responds 429 with the names of the rules that refuse the request.
     *
     * @throws IOException if the client has closed the connection
     */
    static void refuse(
            HttpServletRequest request,
            HttpServletResponse response,
            CorsPolicy cors,
            LimitDecision.Refused decision,
            boolean authenticated)
            throws IOException {
        List<String> names = new ArrayList<>(1);
        for (RuleStatus status : decision.statuses()) {
            if (RateLimitHeaders.refuses(status)) {
                names.add(status.rule().name());
            }
        }
        ProblemDetails problem = problem(WebProblemType.QUOTA_EXCEEDED, decision.retryAfter(), names);
        if (begin(response, problem)) {
            set(response, "RateLimit-Policy", RateLimitHeaders.policy(decision.statuses(), authenticated));
            // other rules may have a longer window than Retry-After, which section 6 of the draft forbids
            set(response, "RateLimit", RateLimitHeaders.limitOfRefusing(decision.statuses(), authenticated));
            cors.apply(request, response);
            finish(request, response, problem);
        }
    }

    /**
     * Responds without counters, after too many failures or while Redis is unavailable.
     *
     * @param policies names of the rules that refuse; empty if no particular rule does
     * @throws IOException if the client has closed the connection
     */
    static void refuse(
            HttpServletRequest request,
            HttpServletResponse response,
            CorsPolicy cors,
            WebProblemType type,
            Duration retryAfter,
            List<String> policies)
            throws IOException {
        ProblemDetails problem = problem(type, retryAfter, policies);
        if (begin(response, problem)) {
            cors.apply(request, response);
            finish(request, response, problem);
        }
    }

    private static ProblemDetails problem(WebProblemType type, Duration retryAfter, List<String> policies) {
        return new ProblemDetails(type, RateLimitHeaders.seconds(retryAfter), policies, randomId());
    }

    /** Returns a UUID of version 4. It only has to differ from others, so its randomness costs no lock and no secure generator. */
    private static UUID randomId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | Long.MIN_VALUE);
    }

    /** Starts a response, and returns whether it did: not if another response is committed. */
    private static boolean begin(HttpServletResponse response, ProblemDetails problem) {
        if (response.isCommitted()) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "cannot refuse the request, because the response is committed: {0}",
                    problem.policies());
            return false;
        }
        if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "refused {0}: {1} {2}",
                    problem.id(),
                    problem.type().title(),
                    problem.policies());
        }
        response.reset();
        response.setStatus(problem.type().status());
        response.setHeader("Retry-After", Long.toString(problem.retryAfter()));
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        return true;
    }

    private static void finish(HttpServletRequest request, HttpServletResponse response, ProblemDetails problem)
            throws IOException {
        byte[] bytes;
        if (AcceptHeader.prefersHtml(request)) {
            response.setContentType(ProblemPage.CONTENT_TYPE);
            response.setHeader("Content-Security-Policy", ProblemPage.SECURITY_POLICY);
            bytes = PreparedProblem.html(problem);
        } else {
            response.setContentType(ProblemDetails.CONTENT_TYPE);
            bytes = PreparedProblem.json(problem);
        }
        response.setContentLength(bytes.length);
        if (!"HEAD".equals(request.getMethod())) {
            response.getOutputStream().write(bytes);
        }
        response.flushBuffer();
    }

    private static void set(HttpServletResponse response, String field, String list) {
        if (!list.isEmpty()) {
            response.setHeader(field, list);
        }
    }
}
