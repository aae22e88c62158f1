package io.gatehouse.internal.web;

import io.gatehouse.internal.session.Session;
import io.gatehouse.session.Authentication;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request as the application sees it: the {@link RequestContext} answers all calls about the session. */
final class SessionRequest extends HttpServletRequestWrapper {
    private final RequestContext requestContext;
    private final SessionResponse response;
    private final ServletContext context;
    private volatile @Nullable GatehouseAsyncContext async;

    SessionRequest(
            HttpServletRequest request,
            SessionResponse response,
            RequestContext requestContext,
            ServletContext context) {
        super(request);
        this.requestContext = requestContext;
        this.response = response;
        this.context = context;
    }

    boolean belongsTo(ServletContext application) {
        return context == application;
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        if (isElsewhere()) {
            return super.getSession(create); // dispatched to another application, whose sessions are its own
        }
        return requestContext.session(create, response.isCommitted());
    }

    /** Returns whether the request is in another application. Compares paths, because Open Liberty has several objects for one context, and
     * two spellings of the root path. */
    private boolean isElsewhere() {
        ServletContext now = getServletContext();
        return now != context && !path(now).equals(path(context));
    }

    private static String path(ServletContext of) {
        return of.getContextPath().equals("/") ? "" : of.getContextPath();
    }

    @Override
    public @Nullable HttpSession getSession() {
        return getSession(true);
    }

    /** Changes the id of the session, if the client can still get the cookie that belongs to it. */
    @Override
    public String changeSessionId() {
        if (isElsewhere()) {
            return super.changeSessionId();
        }
        if (!response.takesCookies()) {
            throw new IllegalStateException("the id of a session cannot be changed after the response was sent");
        }
        String id = requestContext.changeId();
        response.sessionHasChanged();
        return id;
    }

    /** A login changes the id of the session. */
    @Override
    public void login(String user, String password) throws ServletException {
        Session known = requestContext.existing();
        if (known != null && !known.isNew() && !response.takesCookies()) {
            throw new IllegalStateException("a login changes the id of the session, but the response was sent");
        }
        super.login(user, password);
        requestContext.onPasswordVerified();
        response.sessionHasChanged();
    }

    @Override
    public boolean authenticate(HttpServletResponse answer) throws IOException, ServletException {
        boolean done = super.authenticate(answer);
        if (done) {
            requestContext.onLogin();
        }
        return done;
    }

    @Override
    public void logout() throws ServletException {
        super.logout();
        requestContext.onLogout();
    }

    /** Returns the names of the attributes that the application and the container have set. */
    @Override
    public Enumeration<String> getAttributeNames() {
        List<String> names = Collections.list(super.getAttributeNames());
        names.removeIf(name -> name.startsWith(RequestContexts.ATTRIBUTE_PREFIX));
        return Collections.enumeration(names);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        if (Admission.ATTRIBUTE.equals(name)) {
            return requestContext.admission();
        }
        if (Authentication.class.getName().equals(name)) {
            return requestContext.get();
        }
        return requestContext.attribute().equals(name) ? requestContext : super.getAttribute(name);
    }

    /** Returns the id in the cookie of Gatehouse, or without such a cookie the id that the container has found in the request. */
    @Override
    public @Nullable String getRequestedSessionId() {
        String requested = requestContext.requestedId().value();
        return requested != null ? requested : super.getRequestedSessionId();
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return requestContext.isClaimValid();
    }

    @Override
    public boolean isRequestedSessionIdFromCookie() {
        return requestContext.requestedId().isPresent() || super.isRequestedSessionIdFromCookie();
    }

    @Override
    public boolean isRequestedSessionIdFromURL() {
        return !requestContext.requestedId().isPresent() && super.isRequestedSessionIdFromURL();
    }

    @Override
    public AsyncContext startAsync() {
        return started(super.startAsync(), true, this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return started(super.startAsync(request, response), false, request, response);
    }

    private AsyncContext started(
            AsyncContext cycle, boolean original, ServletRequest given, ServletResponse givenResponse) {
        requestContext.awaitDispatch();
        cycle.addListener(new CompletionListener(this::complete));
        GatehouseAsyncContext wrapped = wrap(cycle, original, given, givenResponse);
        async = wrapped;
        return wrapped;
    }

    private GatehouseAsyncContext wrap(
            AsyncContext cycle, boolean original, ServletRequest given, ServletResponse givenResponse) {
        return new GatehouseAsyncContext(cycle, original, given, givenResponse, response, this::bound);
    }

    /** Returns a task that acts on behalf of this request in whatever thread it runs. */
    private Runnable bound(Runnable task) {
        return () -> SessionScopes.run(requestContext, task);
    }

    @Override
    public AsyncContext getAsyncContext() {
        AsyncContext cycle = super.getAsyncContext();
        GatehouseAsyncContext known = async;
        if (known != null && known.wraps(cycle)) {
            return known;
        }
        return cycle.hasOriginalRequestAndResponse()
                ? wrap(cycle, true, this, response)
                : wrap(cycle, false, cycle.getRequest(), cycle.getResponse());
    }

    private void complete() {
        HttpServletResponse answer = (HttpServletResponse) response.getResponse();
        requestContext.complete(answer, answer.getStatus());
    }
}
