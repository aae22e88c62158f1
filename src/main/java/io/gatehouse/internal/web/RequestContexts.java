package io.gatehouse.internal.web;

import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.servers.Container.Binding;
import io.gatehouse.internal.session.SessionRepository;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds or creates the {@link RequestContext} of a request, and wraps the request and the response for the application. All
 * dispatches of a request to one application share one context, which is in a request attribute named after the application. A
 * request that is dispatched to another application gets a context for that application as well. Thread-safe.
 */
final class RequestContexts {
    /** The prefix of request attributes that are not for applications. */
    static final String ATTRIBUTE_PREFIX = "io.gatehouse.request:";

    private final WebSettings settings;
    private final RateLimitConfig limiting;
    private final HttpSessionAdapter adapter;
    private final ErrorResponses errors;
    private final Container container;
    private final ServletContext application;
    private final RequestReports reports;
    private final String attribute;
    private volatile @Nullable SessionCookie cookie;

    RequestContexts(
            WebSettings settings,
            RateLimitConfig limiting,
            HttpSessionAdapter adapter,
            ErrorResponses errors,
            Container container,
            ServletContext application,
            RequestReports reports) {
        this.settings = settings;
        this.limiting = limiting;
        this.adapter = adapter;
        this.errors = errors;
        this.container = container;
        this.application = application;
        this.reports = reports;
        this.attribute = ATTRIBUTE_PREFIX + application.getContextPath();
    }

    /** Returns the sessions of the application. */
    SessionRepository sessions() {
        return adapter.sessions();
    }

    /** Returns the context of a request, or null if it was not opened. */
    @Nullable
    RequestContext known(HttpServletRequest raw) {
        return raw.getAttribute(attribute) instanceof RequestContext known ? known : null;
    }

    /** Returns the session id that the client has sent with a request that has no context yet, and keeps it for the context. */
    RequestedSessionId requestedId(HttpServletRequest raw) {
        if (raw.getAttribute(attribute) instanceof RequestedSessionId known) {
            return known;
        }
        RequestedSessionId fresh = RequestedSessionId.of(raw, cookie().forClientOf(raw), adapter.sessions());
        raw.setAttribute(attribute, fresh);
        return fresh;
    }

    /**
     * Returns the context of a request, which may be new.
     *
     * @param raw the request as the container passed it to the filter
     * @param readable the request whose body the application can read
     */
    RequestContext of(HttpServletRequest raw, HttpServletRequest readable) {
        RequestContext known = known(raw);
        if (known != null) {
            return known;
        }
        RequestedSessionId requestedId = raw.getAttribute(attribute) instanceof RequestedSessionId read
                ? read
                : RequestedSessionId.of(raw, cookie().forClientOf(raw), adapter.sessions());
        RequestContext fresh = new RequestContext(
                adapter, limiting, errors, requestedId, readable, attribute, reports, container.usesOurSessions());
        if (raw.getDispatcherType() != DispatcherType.REQUEST) {
            fresh.awaitDispatch(); // another application or the container may dispatch the same request again
        }
        return fresh;
    }

    /** Returns the dispatch of a request, which is wrapped for the application unless an earlier dispatch has done so. */
    Dispatch dispatch(RequestContext context, HttpServletRequest request, HttpServletResponse response) {
        HttpServletRequest raw = BufferedBodyRequest.beneath(request);
        HttpServletResponse answer = cookieTarget(request, response);
        if (isWrapped(request)) {
            return new Dispatch(context, scopes(raw, request), request, response, answer);
        }
        SessionResponse wrappedResponse = new SessionResponse(response, answer, context);
        SessionRequest wrappedRequest = new SessionRequest(request, wrappedResponse, context, application);
        return new Dispatch(context, scopes(raw, wrappedRequest), wrappedRequest, wrappedResponse, answer);
    }

    /** Returns whether the container calls a mechanism of Jakarta Security, which may verify credentials of any kind. */
    boolean areAuthenticatedByMechanism() {
        return container.hasAuthenticationMechanism();
    }

    /** Notes that the thread serves a request whose scopes of CDI the container binds. */
    Binding follow(HttpServletRequest raw) {
        return container.follow(raw);
    }

    /** Returns what binds the scopes of CDI to a request. A container that uses the sessions of Gatehouse does so itself. */
    private Supplier<Binding> scopes(HttpServletRequest raw, HttpServletRequest wrapped) {
        return container.usesOurSessions()
                ? () -> container.bindIfUnbound(raw, wrapped)
                : () -> container.bind(raw, wrapped);
    }

    /** Returns whether a request was wrapped for this application by an earlier dispatch. */
    boolean isWrapped(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            if (inner instanceof SessionRequest wrapped && wrapped.belongsTo(application)) {
                return true;
            }
            inner = wrapper.getRequest();
        }
        return false;
    }

    /** Returns the response that takes cookies: during an include, containers add a wrapper that drops them. */
    private static HttpServletResponse cookieTarget(HttpServletRequest request, HttpServletResponse response) {
        if (request.getDispatcherType() != DispatcherType.INCLUDE) {
            return response;
        }
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        return inner instanceof HttpServletResponse http ? http : response;
    }

    /** Returns the cookie, created at the first request, because an application may configure it until it has started. */
    private SessionCookie cookie() {
        SessionCookie known = cookie;
        if (known == null) {
            known = new SessionCookie(settings, application, container);
            cookie = known;
        }
        return known;
    }
}
