package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.container.Container;
import io.gatehouse.container.Container.Binding;
import io.gatehouse.redis.Redis;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gate: first filter of the chain, for every kind of dispatch. A request without a cookie of ours costs nothing; one
 * with a genuine cookie costs one exchange with Redis, and one more if the session changed. While Redis does not answer,
 * requests that need a session are answered 503 with {@code Retry-After}.
 */
public final class GatehouseFilter implements Filter {
    /** What the names of our own servlets begin with. */
    public static final String SERVLET_NAME_PREFIX = "gatehouse-";

    /** What the names of request attributes begin with that are not for applications. */
    static final String ATTRIBUTE_PREFIX = "io.gatehouse.visit:";

    /** What the container will make of an exception, after us. */
    private static final int INTERNAL_ERROR = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;

    private final WebSettings settings;
    private final RateLimitConfig limiting;
    private final HttpSessionAdapter sessions;
    private final Redis redis;
    private final Container container;
    private final ServletContext context;
    /** Paths of our own that are left alone. */
    private final Set<String> unguarded;
    /** Where a request keeps its requestContext; one name for each application it is dispatched to. */
    private final String visitAttribute;

    private final LoginForms loginForms;
    private volatile @Nullable SessionCookie cookie;
    private volatile boolean stopped;

    /** @param unguarded paths that are left alone, besides those of the settings, where one of our servlets serves them */
    public GatehouseFilter(
            WebSettings settings,
            Set<String> unguarded,
            RateLimitConfig limiting,
            HttpSessionAdapter sessions,
            Redis redis,
            Container container,
            ServletContext context) {
        this.settings = settings;
        this.limiting = limiting;
        this.sessions = sessions;
        this.redis = redis;
        this.container = container;
        this.context = context;
        this.loginForms = new LoginForms(settings.loginForms(), settings.loginBodyBytes(), context);
        this.unguarded = Set.copyOf(unguarded);
        this.visitAttribute = ATTRIBUTE_PREFIX + context.getContextPath();
    }

    /** Called when all listeners of the application have been. */
    @Override
    public void init(FilterConfig config) {
        container.started();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)
                || (isExcluded(httpRequest) && !loginForms.serve(httpRequest))) {
            chain.doFilter(request, response);
            return;
        }
        if (stopped && request.getDispatcherType() == DispatcherType.REQUEST) {
            ErrorResponses.sendStopped(httpResponse);
            return;
        }
        boolean wrapped = isWrapped(request);
        DispatcherType type = request.getDispatcherType();
        if (wrapped && (type == DispatcherType.FORWARD || type == DispatcherType.INCLUDE)) {
            chain.doFilter(request, response);
            if (type == DispatcherType.FORWARD) {
                settle(response); // the container ends the answer after a forward, and does not ask our wrapper
            }
            return;
        }
        HttpServletRequest readable = wrapped ? httpRequest : loginForms.read(httpRequest);
        RequestContext requestContext = (RequestContext) request.getAttribute(visitAttribute);
        if (requestContext == null) {
            requestContext = new RequestContext(sessions, limiting, cookie().reachedBy(httpRequest), readable, visitAttribute);
            if (type != DispatcherType.REQUEST) {
                requestContext.awaitDispatch(); // another application, or the container, may dispatch the same request again
            }
            if (!admits(requestContext, readable, httpResponse)) {
                return;
            }
        }
        pass(readable, httpResponse, wrapped, requestContext, chain);
        if (type == DispatcherType.FORWARD) {
            settle(response); // of another application that has forwarded the request to ours
        }
    }

    /** From now on new requests get 503, because what they need is about to be closed. Those under way go on. */
    public void stop() {
        stopped = true;
    }

    /** The application may serve one of our paths itself, and may map it when all of us have been registered: that is guarded. */
    private boolean isExcluded(HttpServletRequest request) {
        String path = path(request);
        return (unguarded.contains(path)
                        && request.getHttpServletMapping().getServletName().startsWith(SERVLET_NAME_PREFIX))
                || settings.excludes(path);
    }

    /** Whether the application gets to see the request; if not, it is answered here. */
    private boolean admits(RequestContext requestContext, HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean open = false;
        HttpSessionAdapter.Use before = sessions.bind(requestContext);
        try {
            String path = request.getDispatcherType() == DispatcherType.REQUEST ? path(request) : null;
            open = requestContext.open(redis, path, response);
        } catch (GatehouseException e) {
            requestContext.admission().unseen();
            boolean unused = requestContext.refuse(response, e);
        } finally {
            sessions.bind(before);
            if (!open) {
                requestContext.admission().unseen(); // whatever the answer is, the application has not looked at it
                requestContext.end(response, false, INTERNAL_ERROR);
            }
        }
        return open;
    }

    private void pass(
            HttpServletRequest request, HttpServletResponse response, boolean wrapped, RequestContext requestContext, FilterChain chain)
            throws IOException, ServletException {
        HttpServletResponse answer =
                request.getDispatcherType() == DispatcherType.INCLUDE ? innermost(response) : response;
        boolean outermost = requestContext.enter();
        HttpSessionAdapter.Use before = sessions.bind(requestContext);
        boolean failed = true;
        try {
            HttpServletRequest ourRequest = request;
            HttpServletResponse ourResponse = response;
            if (!wrapped) {
                SessionResponse ours = new SessionResponse(response, answer, requestContext);
                ourRequest = new SessionRequest(request, ours, requestContext, context);
                ourResponse = ours;
            }
            // error pages within a request stay with what that is bound to; beans are in the session only after closing
            Binding binding =
                    outermost ? container.bind(BufferedBodyRequest.beneath(request), ourRequest) : Binding.NONE;
            try {
                chain.doFilter(ourRequest, ourResponse);
            } finally {
                binding.close();
            }
            failed = false;
        } catch (IOException | ServletException | RuntimeException e) {
            GatehouseException away = ours(e);
            if (away == null || !requestContext.refuse(answer, away)) {
                throw e;
            }
            failed = false;
        } finally {
            sessions.bind(before);
            if (failed) {
                requestContext.awaitDispatch();
            }
            if (requestContext.leave()) {
                if (failed || !request.isAsyncStarted()) {
                    requestContext.end(answer, true, failed ? INTERNAL_ERROR : answer.getStatus());
                } else if (request.getDispatcherType() == DispatcherType.ERROR) {
                    boolean unused = requestContext.commit(answer);
                }
            }
        }
    }

    private static @Nullable GatehouseException ours(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof GatehouseException e) {
                return e;
            }
        }
        return null;
    }

    /** Has sessions saved before the container ends the answer, those of other applications too. */
    private static void settle(ServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            if (inner instanceof Runnable ours && inner.getClass().getName().equals(SessionResponse.class.getName())) {
                ours.run();
            }
            inner = wrapper.getResponse();
        }
    }

    private static HttpServletResponse innermost(HttpServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        return inner instanceof HttpServletResponse http ? http : response;
    }

    private boolean isWrapped(ServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            if (inner instanceof SessionRequest ours && ours.belongsTo(context)) {
                return true;
            }
            inner = wrapper.getRequest();
        }
        return false;
    }

    private static String path(HttpServletRequest request) {
        String path = request.getServletPath();
        return request.getPathInfo() == null ? path : path + request.getPathInfo();
    }

    /** Made at the first request, because applications may configure their cookie until they have started. */
    private SessionCookie cookie() {
        SessionCookie known = cookie;
        if (known == null) {
            known = new SessionCookie(settings, context, container);
            cookie = known;
        }
        return known;
    }
}
