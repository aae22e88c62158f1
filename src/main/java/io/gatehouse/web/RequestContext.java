package io.gatehouse.web;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.ratelimit.Decision;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.session.Session;
import io.gatehouse.session.Sessions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One request with all its dispatches, from the opening of its session to the last save. Its methods may be called by
 * several threads of an asynchronous request.
 */
final class RequestContext implements HttpSessionAdapter.Use {
    private static final System.Logger LOG = System.getLogger(RequestContext.class.getName());

    private final HttpSessionAdapter httpSessions;
    private final Sessions sessions;
    private final Admission admission;
    private final SessionCookie cookie;
    private final AnswerCookies cookies;
    private final HttpServletRequest request;
    private final String attribute;
    private final Sessions.Claim claim;
    private final RequestLogins logins;
    private final RequestSession session;
    private volatile @Nullable HttpServletResponse answer;
    private volatile boolean refused;
    private int depth;

    RequestContext(
            HttpSessionAdapter httpSessions,
            RateLimitConfig limiting,
            SessionCookie cookie,
            HttpServletRequest request,
            String attribute) {
        this.httpSessions = httpSessions;
        this.sessions = httpSessions.sessions();
        this.cookie = cookie;
        this.request = request;
        this.attribute = attribute;
        this.cookies = new AnswerCookies(sessions, cookie, request);
        this.logins = new RequestLogins(request, httpSessions);
        this.session = new RequestSession(sessions);
        this.claim = sessions.claim(cookie.values(request));
        this.admission = new Admission(limiting, cookie, request, claim);
    }

    /**
     * Asks the limits and opens the claimed session, both in one round trip; none if there is neither a genuine token nor a
     * rule to ask for, or if it is known here that the request is too much. One more if the token opens nothing while the
     * container remembers a user. The session is open only if the limits allow.
     *
     * @param path what the rules go by, or null if the request is not to be limited
     * @return whether the request may go on; if not, it has its answer
     * @throws GatehouseException if Redis could not tell about the session
     */
    boolean open(Redis redis, @Nullable String path, HttpServletResponse response) throws IOException {
        answer = response;
        Flight flight = new Flight();
        boolean refusedAtOnce = path != null && admission.isRefusedAtOnce(path, flight);
        try (ClaimedSession claimed = new ClaimedSession(sessions, refusedAtOnce ? null : claim, flight)) {
            if (!refusedAtOnce && !flight.isEmpty()) {
                redis.send(flight);
            }
            if (!(admission.decision(claimed) instanceof Decision.Allowed)) {
                awaitDispatch(); // to the error page of a refusal
            }
            if (!admission.passes(redis, response, claimed)) {
                return false;
            }
            if (!(claim instanceof Sessions.Genuine genuine)) {
                return true;
            }
            Session opened = claimed.keep();
            session.admit(opened);
            // one from before a rotation is answered with the new one, once more if need be
            cookies.presented(opened == null ? null : genuine.ticket().text());
            if (opened != null) {
                httpSessions.rotateIfDue(opened);
                logins.begin(opened, false);
            } else if (request.getDispatcherType() == DispatcherType.REQUEST
                    && ContainerAuthentication.isRemembered(request)
                    && sessions.manager().getSession(genuine.ticket().handle()) == null) { // and not only a new id
                logins.end();
                cookies.remove(response); // or the next login would be turned away too
                awaitDispatch();
                ContainerAuthentication.redirectToSelf(request, response);
                return false;
            }
        }
        return true;
    }

    /** Lets a dispatch of the container find this requestContext, by an attribute: not before, for listeners of the application see it. */
    void awaitDispatch() {
        if (request.getAttribute(attribute) != this) {
            request.setAttribute(attribute, this);
        }
    }

    /** The name of the attribute by which dispatches find this requestContext. */
    String attribute() {
        return attribute;
    }

    /** The cookies in the answer. */
    AnswerCookies cookies() {
        return cookies;
    }

    /** How it stands with the limits. */
    Admission admission() {
        return admission;
    }

    /** The container may know a user now. */
    void onLogin() {
        logins.onLogin(existing());
    }

    /** The container has checked a password in this request. */
    void onPasswordVerified() {
        logins.onPasswordVerified(existing());
    }

    void onLogout() {
        logins.onLogout(existing());
    }

    /** A dispatch begins. Returns whether it is the outermost. */
    synchronized boolean enter() {
        depth++;
        session.holdAgain(); // an error page after everything else has ended
        return depth == 1;
    }

    /** A dispatch ends. Returns whether it was the outermost. */
    synchronized boolean leave() {
        depth--;
        return depth == 0;
    }

    @Nullable
    HttpSession session(boolean create, boolean responseCommitted) {
        Session known = existing();
        if (known != null) {
            return httpSessions.of(known);
        }
        if (!create) {
            return null;
        }
        if (responseCommitted) {
            throw new IllegalStateException("a session cannot be created after the response has been committed");
        }
        if (session.isPresent()) {
            logins.end(); // or the user would be logged in to the new session at once
        }
        logins.resume();
        Session fresh = session.createUnlessThere(() -> httpSessions.create(admission.origin()));
        if (fresh == null) {
            return session(false, false); // another thread of this request was faster
        }
        httpSessions.created(fresh);
        logins.begin(fresh, true);
        return httpSessions.of(fresh);
    }

    /** The session, if there is one that has not ended. */
    @Nullable
    Session existing() {
        return session.alive();
    }

    @Override
    public @Nullable Session current() {
        return existing();
    }

    /** Makes code that runs in another thread act on behalf of this request. */
    Runnable bound(Runnable task) {
        return () -> {
            HttpSessionAdapter.Use before = httpSessions.bind(this);
            try {
                task.run();
            } finally {
                httpSessions.bind(before);
            }
        };
    }

    @Override
    public boolean hasAnswerLeft() {
        HttpServletResponse known = answer;
        return known != null && !AnswerCookies.canBeAddedTo(known);
    }

    /**
     * Changes the id without grace time.
     *
     * @throws IllegalStateException if there is no session, or the client cannot be sent the new id
     */
    String changeId() {
        Session known = existing();
        if (known == null) {
            throw new IllegalStateException("there is no session whose id could be changed");
        }
        if (hasAnswerLeft()) {
            throw new IllegalStateException("the id cannot be changed after the response has been committed");
        }
        httpSessions.changeId(known);
        return known.id();
    }

    /** The public id of the session that a genuine token claims, or null. */
    @Nullable
    String claimedId() {
        return claim instanceof Sessions.Genuine genuine ? genuine.id() : null;
    }

    /** What the request has for our cookie, believed or not. */
    @Nullable
    String claimedText() {
        return cookie.values(request).stream().findFirst().orElse(null);
    }

    /** Whether the session that the request was admitted to is alive, whatever happened to its id since. */
    boolean isClaimValid() {
        return session.isAdmittedAlive();
    }

    /**
     * Saves what changed and gives the client the cookie that it needs now, if the answer has not left yet. If Redis cannot
     * save, the answer becomes a 503. Holds no lock, because values of the application are encoded.
     *
     * @return whether the answer may go out as the application made it
     */
    boolean commit(HttpServletResponse response) {
        if (refused) {
            return true;
        }
        Session known = session.get();
        try {
            boolean alive = known != null && admission.creation().save(sessions, known);
            if (known != null && known.isCutOff()) {
                return true; // the session is another request's now, and so is its cookie
            }
            if (known != null && !alive) {
                logins.end();
            }
            cookies.announce(alive ? known : null, response);
            if (admission.login().isUnderWay()) {
                admission.login().succeeded(logins.loggedIn(alive ? known : null), response);
                cookies.mayBeIn(response); // that of a known browser
            }
            return true;
        } catch (GatehouseException e) {
            return !refuse(response, e);
        }
    }

    /** The request has ended: saves what is left, and lets go of everything whatever is thrown. */
    void end(HttpServletResponse response, boolean commits, int status) {
        try {
            if (commits) {
                boolean unused = commit(response);
            }
        } finally {
            try {
                session.release();
            } finally {
                admission.settle(status);
            }
        }
    }

    /** The headers of the answer were thrown away, our cookie with them. */
    void onReset() {
        cookies.reset();
    }

    /** Makes the answer an error, if it has not left yet; says whether it could. */
    boolean refuse(HttpServletResponse response, GatehouseException reason) {
        if (response.isCommitted()) {
            LOG.log(System.Logger.Level.WARNING, "changes of a session were lost: {0}", reason.getMessage());
            return false;
        }
        refused = true;
        awaitDispatch();
        admission.login().abandon();
        ErrorResponses.send(response, reason, admission);
        return true;
    }
}
