package io.gatehouse.internal.web;

import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.Tracing;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Guards the requests of one application: opens each, and answers those that are not admitted. {@link RequestFilter} calls it for requests
 * that the container has authenticated, {@link ContainerRequests} for requests that it has not. Thread-safe.
 */
final class RequestGuard {
    private final WebSettings settings;
    private final Set<String> ownPaths;
    private final boolean limitHeaders;
    private final Redis redis;
    private final Tracing tracing;
    private final LoginForms loginForms;
    private final ErrorResponses errors;
    private final RequestContexts contexts;
    private volatile boolean stopped;

    /** @param ownPaths excluded paths, in addition to those of the settings, if a servlet of Gatehouse serves them */
    RequestGuard(
            WebSettings settings,
            Set<String> ownPaths,
            RateLimitConfig limiting,
            HttpSessionAdapter sessions,
            Redis redis,
            Container container,
            ServletContext application,
            RequestReports reports) {
        this.settings = settings;
        this.ownPaths = Set.copyOf(ownPaths);
        this.limitHeaders = limiting.headers();
        this.redis = redis;
        this.tracing = reports.tracing();
        this.loginForms = new LoginForms(settings.loginForms(), settings.loginBodyBytes(), application);
        this.errors = new ErrorResponses(limiting.cors(), tracing);
        this.contexts = new RequestContexts(settings, limiting, sessions, errors, container, application, reports);
    }

    RequestContexts contexts() {
        return contexts;
    }

    Duration rolesRefresh() {
        return settings.rolesRefresh();
    }

    LoginForms loginForms() {
        return loginForms;
    }

    /** Rejects new requests with 503 from now on. */
    void stop() {
        stopped = true;
    }

    /** Answers a request with 503 if Gatehouse has stopped, and returns whether it has. */
    boolean rejectsStopped(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        if (!stopped || request.getDispatcherType() != DispatcherType.REQUEST) {
            return false;
        }
        errors.stopped(request, response);
        return true;
    }

    /** Returns the span of a request, or none unless the request is new and traces are taken. */
    Span startSpan(HttpServletRequest request) {
        return tracing.isActive() && request.getDispatcherType() == DispatcherType.REQUEST
                ? tracing.startRequest(request::getHeader)
                : Span.NONE;
    }

    /** Opens a request at its first dispatch, and returns the outcome. */
    RequestOutcome open(RequestContext context, HttpServletRequest request, HttpServletResponse response) {
        return context.open(redis, limitedPath(request), response);
    }

    /** Checks what depends on the user of a request, whom the container has authenticated after it was opened. */
    RequestOutcome enforceRoles(RequestContext context, HttpServletRequest request) {
        return limitedPath(request) == null
                ? RequestOutcome.ADMITTED_BEFORE
                : context.admission().enforceRoles(redis);
    }

    /** Opens the session of a request that is not limited. */
    RequestOutcome openUnlimited(RequestContext context, HttpServletResponse response) {
        return context.open(redis, null, response);
    }

    /** Returns whether a request is admitted; answers it if it is not. */
    boolean admits(
            RequestOutcome outcome, RequestContext context, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        if (outcome instanceof RequestOutcome.Admitted admitted) {
            describeLimits(admitted, response);
            return true;
        }
        if (outcome instanceof RequestOutcome.Reauthenticate reauthenticate) {
            describeLimits(reauthenticate.admitted(), response);
            context.cookies().remove(response); // otherwise the container would reject the next login as well
        }
        errors.send(outcome, request, response);
        return false;
    }

    /**
     * Saves the session of a request that the container serves, unless it was saved and not used since.
     *
     * @return false if an error response has replaced the one that would have followed
     */
    boolean commit(HttpServletRequest request, HttpServletResponse response) {
        RequestContext context = contexts.known(request);
        if (context == null
                || !EnclosedRequest.isAdmitted(context)
                || context.commits().isSettled()) {
            return true;
        }
        SessionScope before = SessionScopes.bind(context);
        try {
            context.onContainerAuthenticated(response);
            return context.commit(response);
        } finally {
            SessionScopes.bind(before);
        }
    }

    private void describeLimits(RequestOutcome.Admitted admitted, HttpServletResponse response) {
        if (limitHeaders) {
            RateLimitResponse.success(response, admitted.decision(), admitted.authenticated());
        }
    }

    /**
     * Returns whether a request passes unchanged. A login form never does. A path of Gatehouse does only if a servlet of Gatehouse
     * serves it: the application may map the same path itself, also after the filter was created.
     */
    boolean isExcluded(HttpServletRequest request) {
        String path = path(request);
        boolean served = ownPaths.contains(path)
                && request.getHttpServletMapping().getServletName().startsWith(RequestFilter.SERVLET_NAME_PREFIX);
        return (served || settings.excludes(path)) && !loginForms.matches(request);
    }

    /** Returns the path that the rate limits apply to, or null for dispatches within a request, which are not limited. */
    private static @Nullable String limitedPath(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.REQUEST ? path(request) : null;
    }

    /** Returns the path in the application. Tomcat has no servlet path for some paths that no servlet serves; the path is then not decoded. */
    static String path(HttpServletRequest request) {
        String path = request.getServletPath();
        if (path == null) {
            return request.getRequestURI().substring(request.getContextPath().length());
        }
        return request.getPathInfo() == null ? path : path + request.getPathInfo();
    }
}
