package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * The commit of one request: saves its session, and writes the cookies that the client needs. If the session cannot be saved, an error
 * response replaces the one of the application, and nothing else is saved. Holds no lock while it saves, because saving encodes
 * values of the application. Thread-safe.
 */
final class RequestCommit {
    private static final System.Logger LOG = System.getLogger(RequestCommit.class.getName());

    private final SessionRepository sessionRepository;
    private final RequestSession session;
    private final Admission admission;
    private final RequestLogins logins;
    private final ResponseCookies cookies;
    private final ErrorResponses errors;
    private final HttpServletRequest request;
    private final Runnable beforeErrorPage;
    private final ServerTiming timing;
    private volatile boolean refused;
    private volatile boolean settled;

    /** @param beforeErrorPage prepares for the dispatch to an error page of the application */
    RequestCommit(
            SessionRepository sessionRepository,
            RequestSession session,
            Admission admission,
            RequestLogins logins,
            ResponseCookies cookies,
            ErrorResponses errors,
            HttpServletRequest request,
            Runnable beforeErrorPage,
            ServerTiming timing) {
        this.sessionRepository = sessionRepository;
        this.session = session;
        this.admission = admission;
        this.logins = logins;
        this.cookies = cookies;
        this.errors = errors;
        this.request = request;
        this.beforeErrorPage = beforeErrorPage;
        this.timing = timing;
    }

    /**
     * Saves what changed, and writes the cookies unless the response is committed.
     *
     * @return whether the response of the application may be sent
     */
    boolean commit(HttpServletResponse response) {
        if (refused) {
            return true;
        }
        settled = true;
        Session known = session.get();
        try {
            boolean alive = known != null && save(known);
            timing.write(response);
            if (known != null && known.isCutOff()) {
                return true; // the session and its cookie belong to the request that has changed the id
            }
            if (known != null && !alive) {
                logins.end();
            }
            cookies.writeCookie(alive ? known : null, response);
            settleLogins(alive ? known : null, response);
            return true;
        } catch (GatehouseException e) {
            return !refuse(response, e);
        }
    }

    /** Returns whether the session was committed and, as far as {@link #changed} was called, not changed since. */
    boolean isSettled() {
        return settled;
    }

    /** Called when the container may have changed the session after the application has responded. */
    void changed() {
        settled = false;
    }

    private boolean save(Session known) {
        ServerTiming.Measurement own = timing.own();
        ServerTiming.Measurement measured = timing.of(ServerTiming.Part.SESSION);
        try {
            return admission.creation().save(sessionRepository, known);
        } finally {
            measured.close();
            own.close();
        }
    }

    /**
     * Ends the login attempts of a header if the container knows the user: it has verified the header, or has not read it. Otherwise they
     * would hold their places while the application responds, and a 401 of the application would count as a failure.
     */
    void settleHeaderLogins(HttpServletResponse response) {
        LoginAttemptTracker attempts = admission.login();
        if (attempts.isInHeader() && ContainerAuthentication.principal(request) != null) {
            settleLogins(session.alive(), response);
            attempts.withdraw();
        }
    }

    private void settleLogins(@Nullable Session alive, HttpServletResponse response) {
        LoginAttemptTracker attempts = admission.login();
        if (attempts.isUnderWay()) {
            attempts.succeeded(logins.loggedIn(alive), alive != null, response);
            cookies.onOtherCookie(response); // the device cookie
        }
    }

    /** Replaces the response by an error response, and returns whether it was not committed yet. */
    boolean refuse(HttpServletResponse response, GatehouseException reason) {
        if (response.isCommitted()) {
            LOG.log(System.Logger.Level.WARNING, "changes of a session were lost: {0}", reason.getMessage());
            return false;
        }
        markRefused();
        errors.replace(RequestOutcome.of(reason, admission.isAuthenticated()), request, response);
        return true;
    }

    /** Prevents all further saves, because an error response replaces the one of the application. */
    void markRefused() {
        refused = true;
        beforeErrorPage.run();
        admission.login().abandon();
    }
}
