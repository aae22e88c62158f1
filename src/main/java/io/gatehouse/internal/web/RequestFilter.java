package io.gatehouse.internal.web;

import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.tracing.Span;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The servlet filter of Gatehouse: the first filter of an application, for every kind of dispatch.
 *
 * <p>A request without a cookie of Gatehouse and without a rate limit costs no round trip to Redis. A request with a genuine cookie
 * costs one, and one more if its session changed. While Redis does not answer, requests that need a session get 503 with
 * {@code Retry-After}. Excluded paths, and forwards and includes within a request, pass unchanged. Thread-safe.
 */
public final class RequestFilter implements Filter {
    /** The prefix of the names of the servlets that Gatehouse registers. */
    public static final String SERVLET_NAME_PREFIX = "gatehouse-";

    private final RequestGuard guard;
    private final Container container;

    /** @param ownPaths excluded paths, in addition to those of the settings, if a servlet of Gatehouse serves them */
    public RequestFilter(
            WebSettings settings,
            Set<String> ownPaths,
            RateLimitConfig limiting,
            HttpSessionAdapter sessions,
            Redis redis,
            Container container,
            ServletContext application,
            RequestReports reports) {
        this.guard = new RequestGuard(settings, ownPaths, limiting, sessions, redis, container, application, reports);
        this.container = container;
    }

    /** Returns the sessions of the application whose request this thread serves, or null outside of requests. */
    public static @Nullable SessionRepository sessionsOfThisThread() {
        SessionScope scope = SessionScopes.current();
        return scope == null ? null : scope.sessions();
    }

    /** Called by the container after all listeners of the application were notified of its start. */
    @Override
    public void init(FilterConfig config) {
        container.started();
    }

    /**
     * Has the container use the sessions of Gatehouse from now on. The filter then leaves to the container what it would otherwise do for it.
     *
     * @return what the adapter of the container calls
     */
    public ContainerRequests serveContainer() {
        container.useOurSessions();
        return new ContainerRequests(guard);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)) {
            chain.doFilter(request, response);
        } else if (guard.isExcluded(httpRequest)) {
            if (!isLoginPage(httpRequest) || guard.commit(httpRequest, httpResponse)) {
                chain.doFilter(request, response);
            }
        } else if (isNested(httpRequest)) {
            chain.doFilter(request, response);
            commitAfterForward(request, response);
        } else if (!guard.rejectsStopped(httpRequest, httpResponse)) {
            guardInSpan(httpRequest, httpResponse, chain);
        }
    }

    /** Rejects new requests with 503 from now on, because their resources are about to be closed. Requests under way continue. */
    public void stop() {
        guard.stop();
    }

    private void guardInSpan(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try (Span span = guard.startSpan(request)) {
            try {
                guard(request, response, chain);
            } catch (IOException | ServletException | RuntimeException | Error e) {
                span.failed(e);
                throw e;
            }
        }
    }

    private void guard(HttpServletRequest raw, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestContexts contexts = guard.contexts();
        HttpServletRequest request =
                contexts.isWrapped(raw) ? raw : guard.loginForms().read(raw);
        RequestContext context = contexts.of(raw, request);
        RequestOutcome outcome = guard.open(context, request, response);
        if (outcome == RequestOutcome.ADMITTED_BEFORE) {
            context.onContainerAuthenticated(response);
            outcome = guard.enforceRoles(context, request);
        }
        if (guard.admits(outcome, context, request, response)) {
            contexts.dispatch(context, request, response).run(chain);
            commitAfterForward(request, response);
        }
    }

    /**
     * Saves the session after a forward, because the container then closes the response without a call of its wrapper. The session of
     * another application that has forwarded the request here is saved as well.
     */
    private static void commitAfterForward(ServletRequest request, ServletResponse response) {
        if (request.getDispatcherType() == DispatcherType.FORWARD) {
            SessionResponse.commitAll(response);
        }
    }

    /**
     * Returns whether a page may be the login page that a container sends which uses the sessions of Gatehouse. It has stored the request
     * that waits, and nothing else would save the session before the first byte of a page that is excluded.
     */
    private boolean isLoginPage(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.FORWARD
                && container.usesOurSessions()
                && !guard.contexts().isWrapped(request);
    }

    /** Returns whether this is a forward or an include within a request that the filter has passed on. */
    private boolean isNested(HttpServletRequest request) {
        DispatcherType type = request.getDispatcherType();
        return (type == DispatcherType.FORWARD || type == DispatcherType.INCLUDE)
                && guard.contexts().isWrapped(request);
    }
}
