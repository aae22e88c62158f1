package io.gatehouse.internal.web;

import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.Tracing;
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

    private final WebSettings settings;
    private final Set<String> ownPaths;
    private final boolean limitHeaders;
    private final Redis redis;
    private final Container container;
    private final Tracing tracing;
    private final LoginForms loginForms;
    private final ErrorResponses errors;
    private final RequestContexts contexts;
    private volatile boolean stopped;

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
        this.settings = settings;
        this.ownPaths = Set.copyOf(ownPaths);
        this.limitHeaders = limiting.headers();
        this.redis = redis;
        this.container = container;
        this.tracing = reports.tracing();
        this.loginForms = new LoginForms(settings.loginForms(), settings.loginBodyBytes(), application);
        this.errors = new ErrorResponses(limiting.cors(), tracing);
        this.contexts = new RequestContexts(settings, limiting, sessions, errors, container, application, reports);
    }

    /** Called by the container after all listeners of the application were notified of its start. */
    @Override
    public void init(FilterConfig config) {
        container.started();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)
                || isExcluded(httpRequest)) {
            chain.doFilter(request, response);
        } else if (stopped && request.getDispatcherType() == DispatcherType.REQUEST) {
            errors.stopped(httpRequest, httpResponse);
        } else if (isNested(httpRequest)) {
            chain.doFilter(request, response);
            commitAfterForward(request, response);
        } else {
            guardInSpan(httpRequest, httpResponse, chain);
        }
    }

    /** Rejects new requests with 503 from now on, because their resources are about to be closed. Requests under way continue. */
    public void stop() {
        stopped = true;
    }

    private void guardInSpan(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!tracing.isActive() || request.getDispatcherType() != DispatcherType.REQUEST) {
            guard(request, response, chain);
            return;
        }
        try (Span span = tracing.startRequest(request::getHeader)) {
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
        HttpServletRequest request = contexts.isWrapped(raw) ? raw : loginForms.read(raw);
        RequestContext context = contexts.of(raw, request);
        RequestOutcome outcome = context.open(redis, limitedPath(request), response);
        if (outcome instanceof RequestOutcome.Admitted admitted) {
            describeLimits(admitted, response);
            contexts.dispatch(context, request, response).run(chain);
            commitAfterForward(request, response);
        } else if (outcome instanceof RequestOutcome.Reauthenticate reauthenticate) {
            describeLimits(reauthenticate.admitted(), response);
            context.cookies().remove(response); // otherwise the container would reject the next login as well
            errors.send(outcome, request, response);
        } else {
            errors.send(outcome, request, response);
        }
    }

    private void describeLimits(RequestOutcome.Admitted admitted, HttpServletResponse response) {
        if (limitHeaders) {
            RateLimitResponse.success(response, admitted.decision(), admitted.authenticated());
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

    /** Returns whether this is a forward or an include within a request that the filter has passed on. */
    private boolean isNested(HttpServletRequest request) {
        DispatcherType type = request.getDispatcherType();
        return (type == DispatcherType.FORWARD || type == DispatcherType.INCLUDE) && contexts.isWrapped(request);
    }

    /**
     * Returns whether a request passes unchanged. A login form never does. A path of Gatehouse does only if a servlet of Gatehouse
     * serves it: the application may map the same path itself, also after the filter was created.
     */
    private boolean isExcluded(HttpServletRequest request) {
        String path = path(request);
        boolean served = ownPaths.contains(path)
                && request.getHttpServletMapping().getServletName().startsWith(SERVLET_NAME_PREFIX);
        return (served || settings.excludes(path)) && !loginForms.matches(request);
    }

    /** Returns the path that the rate limits apply to, or null for dispatches within a request, which are not limited. */
    private static @Nullable String limitedPath(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.REQUEST ? path(request) : null;
    }

    private static String path(HttpServletRequest request) {
        String path = request.getServletPath();
        return request.getPathInfo() == null ? path : path + request.getPathInfo();
    }
}
