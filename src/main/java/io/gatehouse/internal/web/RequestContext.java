package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.TokenVerification;
import io.gatehouse.internal.tracing.Tracing;
import io.gatehouse.session.Authentication;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request with all its dispatches: its limits, its session, its logins and its cookies.
 *
 * <ol>
 *   <li>{@link #open} checks the limits and opens the session that the cookie claims.
 *   <li>{@link #beginDispatch} and {@link #endDispatch} count the dispatches that run at the same time, such as an error page
 *       within a request. A dispatch that the container starts later finds this object by a request attribute
 *       ({@link #awaitDispatch}).
 *   <li>{@link #commit} saves the session and writes its cookie before the first byte of the response is sent, and again for later
 *       changes.
 *   <li>{@link #complete} ends the request: it saves, releases the session and settles the limits.
 * </ol>
 *
 * <p>After {@link #refuse} has replaced the response, nothing is saved any more. Thread-safe: several threads of an asynchronous
 * request may call its methods.
 */
final class RequestContext implements SessionScope, Supplier<Authentication> {
    /** The status of the response that the container creates for an exception. */
    static final int INTERNAL_ERROR = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;

    private final HttpSessionAdapter adapter;
    private final SessionRepository sessionRepository;
    private final Admission admission;
    private final ResponseCookies cookies;
    private final HttpServletRequest request;
    private final Tracing tracing;
    private final ServerTiming timing;
    private final String attribute;
    private final TokenVerification tokenVerification;
    private final RequestedSessionId requestedId;
    private final RequestLogins logins;
    private final RequestSession session;
    private final RequestCommit commit;
    private final boolean containerServed;
    private volatile @Nullable HttpServletResponse answer;
    private volatile @Nullable RequestOutcome outcome;
    private int depth;

    /**
     * @param attribute the name of the request attribute by which later dispatches find this object
     * @param containerServed whether the container uses the sessions of Gatehouse, and authenticates after {@link #open}
     */
    RequestContext(
            HttpSessionAdapter adapter,
            RateLimitConfig limiting,
            ErrorResponses errors,
            RequestedSessionId requestedId,
            HttpServletRequest request,
            String attribute,
            RequestReports reports,
            boolean containerServed) {
        this.containerServed = containerServed;
        this.adapter = adapter;
        this.sessionRepository = adapter.sessions();
        this.request = request;
        this.tracing = reports.tracing();
        this.timing = ServerTiming.of(reports.redisTime());
        this.attribute = attribute;
        this.tokenVerification = requestedId.verification();
        this.requestedId = requestedId;
        SessionCookie cookie = requestedId.cookie();
        this.cookies = new ResponseCookies(sessionRepository, cookie, request);
        this.logins = new RequestLogins(request, adapter, containerServed);
        this.admission = new Admission(limiting, cookie, request, tokenVerification, containerServed);
        this.session = new RequestSession(adapter, admission.origin(), logins);
        this.commit = new RequestCommit(
                sessionRepository, session, admission, logins, cookies, errors, request, this::awaitDispatch, timing);
    }

    /**
     * Opens the request at its first dispatch, see {@link RequestOpening}. A request that is not admitted has ended when this returns.
     *
     * @param path the path that the limits apply to, or null if the request is not limited
     */
    RequestOutcome open(Redis redis, @Nullable String path, HttpServletResponse response) {
        if (answer != null) {
            return RequestOutcome.ADMITTED_BEFORE;
        }
        answer = response;
        RequestOutcome decided = openInScope(redis, path, response);
        outcome = decided;
        if (!(decided instanceof RequestOutcome.Admitted)) {
            abandon();
        }
        return decided;
    }

    private RequestOutcome openInScope(Redis redis, @Nullable String path, HttpServletResponse response) {
        SessionScope before = SessionScopes.bind(this);
        ServerTiming.Measurement own = timing.own();
        try {
            return admitOrFail(redis, path, response);
        } catch (Throwable e) {
            abandon();
            throw e;
        } finally {
            own.close();
            SessionScopes.bind(before);
        }
    }

    private RequestOutcome admitOrFail(Redis redis, @Nullable String path, HttpServletResponse response) {
        try {
            RequestOutcome outcome = new RequestOpening(
                            adapter, request, tokenVerification, admission, session, cookies, logins, tracing, timing)
                    .open(redis, path);
            if (outcome instanceof RequestOutcome.Refused || outcome instanceof RequestOutcome.Reauthenticate) {
                awaitDispatch(); // to an error page
            }
            return outcome;
        } catch (GatehouseException e) {
            admission.settleUnseen();
            if (!response.isCommitted()) {
                commit.markRefused();
            }
            return RequestOutcome.of(e, admission.isAuthenticated());
        }
    }

    /** Ends a request that the application does not see. May be called again. */
    void abandon() {
        admission.settleUnseen();
        release(INTERNAL_ERROR);
    }

    /**
     * Sets the request attribute by which a later dispatch of the container finds this object. Listeners of the application see the
     * attribute, so it is set only when such a dispatch may come.
     */
    void awaitDispatch() {
        if (request.getAttribute(attribute) != this) {
            request.setAttribute(attribute, this);
        }
    }

    /** Returns the name of the attribute by which dispatches find this object. */
    String attribute() {
        return attribute;
    }

    /** Returns the cookies of the response. */
    ResponseCookies cookies() {
        return cookies;
    }

    /** Returns the limits of the request. */
    Admission admission() {
        return admission;
    }

    /** Returns the authentication of the request. */
    @Override
    public Authentication get() {
        return new RequestAuthentication(existing(), admission);
    }

    /** Called when the container may have authenticated a user. */
    void onLogin() {
        logins.onLogin(existing());
    }

    /** Called when a container that uses the sessions of Gatehouse has authenticated the request, or has not. */
    void onContainerAuthenticated(HttpServletResponse response) {
        if (containerServed && !isResponseSent()) {
            logins.onContainerAuthenticated(existing());
            commit.settleHeaderLogins(response);
        }
    }

    /** Returns the outcome of {@link #open}, or null if the request was not opened yet. */
    @Nullable
    RequestOutcome outcome() {
        return outcome;
    }

    /** Called when the container has verified a password in this request. */
    void onPasswordVerified() {
        logins.onPasswordVerified(existing());
    }

    /** Called when the application has logged out the user, and keeps the session. */
    void onLogout() {
        logins.onLogout(existing());
    }

    /** Begins a dispatch, and returns whether it is the outermost. */
    synchronized boolean beginDispatch() {
        depth++;
        session.holdAgain(); // an error page can follow after the request was completed
        return depth == 1;
    }

    /** Ends a dispatch, and returns whether it was the outermost. */
    synchronized boolean endDispatch() {
        depth--;
        return depth == 0;
    }

    @Nullable
    HttpSession session(boolean create, boolean responseCommitted) {
        return create ? session.existingOrNew(responseCommitted) : session.existing();
    }

    /** Returns the session if it has not ended, or null. */
    @Nullable
    Session existing() {
        return session.alive();
    }

    @Override
    public @Nullable Session current() {
        return existing();
    }

    @Override
    public SessionRepository sessions() {
        return sessionRepository;
    }

    @Override
    public boolean isResponseSent() {
        HttpServletResponse known = answer;
        return known != null && !ResponseCookies.canBeAddedTo(known);
    }

    /** Changes the id of the session without grace time, and returns the new one. */
    String changeId() {
        return session.changeId(isResponseSent());
    }

    /** Called when the container has authenticated a user, and returns the new id of the session. */
    String onContainerLogin() {
        logins.onContainerLogin();
        return changeId();
    }

    /** Returns the session id that the client has sent. */
    RequestedSessionId requestedId() {
        return requestedId;
    }

    /** Returns whether the session that the cookie has opened has not ended. */
    boolean isClaimValid() {
        return session.isAdmittedAlive();
    }

    /** Returns the commit of this request. */
    RequestCommit commits() {
        return commit;
    }

    /** Saves the session and writes cookies, and returns whether the response of the application may be sent. */
    boolean commit(HttpServletResponse response) {
        return commit.commit(response);
    }

    /** Ends the request: saves what is left, and releases everything even if that fails. */
    void complete(HttpServletResponse response, int status) {
        try {
            boolean unused = commit(response);
        } finally {
            release(ContainerCredentials.outcome(request, response, status));
        }
    }

    void release(int status) {
        try {
            session.release();
        } finally {
            admission.settle(status);
        }
    }

    /** Called when the application has reset the response headers, including the cookie. */
    void onReset() {
        cookies.reset();
        timing.onReset();
    }

    /** Replaces the response by an error response, and returns whether it was not committed yet. */
    boolean refuse(HttpServletResponse response, GatehouseException reason) {
        return commit.refuse(response, reason);
    }
}
