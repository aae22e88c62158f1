package io.gatehouse.web;

import io.gatehouse.ratelimit.ClaimedSessionCheck;
import io.gatehouse.ratelimit.ClientAddress;
import io.gatehouse.ratelimit.ClientAddresses;
import io.gatehouse.ratelimit.Decision;
import io.gatehouse.ratelimit.LoginEntry;
import io.gatehouse.ratelimit.RateLimitRequest;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request before the limits: asked about on its way in, answered here if they refuse it, settled when its outcome is known.
 * Its methods are called one after the other.
 */
final class Admission {
    /** What a request of ours gives under this name, which is no attribute of it. */
    static final String ATTRIBUTE = Admission.class.getName();

    private static final int LONGEST_DEVICE = 120;
    private static final Decision WITHOUT_LIMITS = new Decision.Allowed(List.of());

    private final RateLimitConfig limiting;
    private final HttpServletRequest request;
    private final @Nullable String userTag;
    private final @Nullable String sessionId;
    private final SessionCreation creation;
    private final LoginAttemptTracker login;
    private @Nullable ClaimedSessionCheck check;
    private @Nullable ClaimedSession claimed;
    private @Nullable String path;
    private @Nullable ClientAddress address;

    Admission(RateLimitConfig limiting, SessionCookie cookie, HttpServletRequest request, Sessions.Claim claim) {
        this.limiting = limiting;
        this.request = request;
        this.userTag =
                claim instanceof Sessions.Genuine genuine ? genuine.ticket().userTag() : null;
        this.sessionId = claim instanceof Sessions.Genuine genuine ? genuine.id() : null;
        this.creation = new SessionCreation(limiting.limiter(), () -> limited(path(), null));
        this.login = new LoginAttemptTracker(limiting.guard(), cookie, limiting.deviceLifetime(), request);
    }

    /**
     * That of a request.
     *
     * @throws IllegalStateException if the request did not come through the filter
     */
    static Admission of(HttpServletRequest request) {
        Object found = request.getAttribute(ATTRIBUTE);
        if (found instanceof Admission admission) {
            return admission;
        }
        throw new IllegalStateException("not within a request that came through Gatehouse");
    }

    /** Where the request comes from; {@link ClientAddresses} says who is believed about it. */
    synchronized ClientAddress address() {
        ClientAddress known = address;
        if (known == null) {
            known = limiting.addresses()
                    .of(request.getRemoteAddr(), name -> Collections.list(request.getHeaders(name)));
            address = known;
        }
        return known;
    }

    /** Where the request comes from, for lists of sessions; not longer than it takes to know it again. */
    Map<String, String> origin() {
        Map<String, String> origin = new HashMap<>();
        origin.put(SessionInfo.ADDRESS, address().toString());
        String device = request.getHeader("User-Agent");
        if (device != null) {
            origin.put(SessionInfo.DEVICE, device.substring(0, Math.min(device.length(), LONGEST_DEVICE)));
        }
        return origin;
    }

    /** Puts into a flight what has to be asked; says whether the request is refused already, without asking. */
    boolean isRefusedAtOnce(String path, Flight flight) {
        this.path = path;
        if (limiting.cors().isPreflight(request) && !limiting.limiter().rules().denies(address())) {
            return false;
        }
        return typed().tooMany() || asks(flight);
    }

    /** Says whether the request is refused already, without asking. */
    private boolean asks(Flight flight) {
        ClaimedSessionCheck begun =
                new ClaimedSessionCheck(limiting.limiter(), limited(path(), userTag), sessionId, flight);
        check = begun;
        if (!begun.isRefused()) {
            login.ask(typed(), address(), flight);
        }
        return begun.isRefused();
    }

    private TypedAccounts typed() {
        return LoginForms.typed(request);
    }

    private RateLimitRequest limited(String ofPath, @Nullable String user) {
        return new RateLimitRequest(request.getMethod(), ofPath, address(), user, request::getHeader);
    }

    private String path() {
        String known = path;
        return known == null ? request.getServletPath() : known;
    }

    /** The limit on the sessions that the client creates. */
    SessionCreation creation() {
        return creation;
    }

    /** Lets scripts of allowed origins read an answer. */
    void allowOrigin(HttpServletResponse response) {
        limiting.cors().apply(request, response);
    }

    /**
     * Charges rules by their names, whatever the path.
     *
     * @throws RateLimitExceeded if they refuse
     */
    void charge(List<String> rules) {
        ClaimedSession session = claimed;
        String user = session == null ? null : session.userTag(); // a session that did not open charges no user
        Decision decision = limiting.limiter().check(limited(request.getServletPath(), user), rules);
        if (!(decision instanceof Decision.Allowed)) {
            throw new RateLimitExceeded(String.join(", ", rules), decision);
        }
    }

    /** Asks whether an attempt to log in may be looked at. */
    LoginEntry attempt(String account) {
        return login.enter(account, address());
    }

    /** The attempt to log in, if the request is one. */
    LoginAttemptTracker login() {
        return login;
    }

    /** What the limits say, once the flight was sent. */
    Decision decision(ClaimedSession session) {
        return check == null ? WITHOUT_LIMITS : check.decision(session::userTag);
    }

    /**
     * Whether the application gets to see the request; if not, it is answered here, and charged for nothing. Waits for a while if
     * requests under way hold the places that it needs.
     *
     * @param session opened only where the limits depend on its user
     */
    boolean passes(Redis redis, HttpServletResponse response, ClaimedSession session) throws IOException {
        claimed = session;
        if (typed().tooMany()) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return false;
        }
        if (isBusy(session)) {
            boolean unused = limiting.guard().places().await(busyCounters(), () -> {
                asksAgain(redis, session);
                return !isBusy(session);
            });
        }
        Decision decision = decision(session);
        if (!(decision instanceof Decision.Allowed allowed)) {
            Objects.requireNonNull(check).giveUp();
            login.withdraw();
            refuse(response, decision);
            return false;
        }
        LoginEntry.LockedOut lockedOut = login.refusal();
        if (lockedOut != null) {
            login.giveUp();
            withdraw();
            refuse(response, lockedOut);
            return false;
        }
        if (limiting.headers()) {
            RateLimitResponse.success(response, allowed, userTag != null);
        }
        return true;
    }

    private boolean isBusy(ClaimedSession session) {
        Decision unused = decision(session);
        ClaimedSessionCheck known = check;
        return known != null && (known.isBusy() || (decision(session) instanceof Decision.Allowed && login.isBusy()));
    }

    private List<String> busyCounters() {
        List<String> counters = new ArrayList<>(login.busyCounters());
        if (check != null) {
            counters.addAll(check.busyCounters());
        }
        return counters;
    }

    /** What the limits have charged stays; attempts that found places give them back until all find some. */
    private void asksAgain(Redis redis, ClaimedSession session) {
        Flight flight = new Flight();
        login.withdraw();
        boolean allowed = decision(session) instanceof Decision.Allowed;
        if (allowed) {
            login.ask(typed(), address(), flight);
        } else if (asks(flight)) {
            return;
        }
        redis.send(flight);
    }

    /** Answers a request that the limits do not allow. */
    void refuse(HttpServletResponse response, Decision decision) throws IOException {
        if (decision instanceof Decision.Refused refused) {
            RateLimitResponse.refuse(request, response, limiting.cors(), refused, userTag != null);
        } else if (decision instanceof Decision.Unavailable away) {
            RateLimitResponse.refuse(
                    request,
                    response,
                    limiting.cors(),
                    ProblemType.TEMPORARY_REDUCED_CAPACITY,
                    away.retryAfter(),
                    away.closed());
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    private void refuse(HttpServletResponse response, LoginEntry.LockedOut lockedOut) throws IOException {
        ProblemType type = lockedOut.reason() == LoginEntry.Reason.UNAVAILABLE
                ? ProblemType.TEMPORARY_REDUCED_CAPACITY
                : ProblemType.ABNORMAL_USAGE_DETECTED;
        RateLimitResponse.refuse(request, response, limiting.cors(), type, lockedOut.retryAfter(), List.of());
    }

    /** The application does not get to see the request: it is charged for nothing. */
    private void withdraw() {
        login.withdraw();
        ClaimedSessionCheck known = check;
        if (known != null) {
            List<String> held = known.heldCounters();
            known.withdraw();
            limiting.guard().places().released(held);
        }
    }

    /**
     * The application has not seen the request, which is answered already: nothing that counts failures is charged for it, and it is no
     * attempt to log in.
     */
    void unseen() {
        login.withdraw();
        settle(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    /** The answer is known: what counts failures only gives back what was none, and an attempt that has not succeeded has failed. */
    void settle(int status) {
        ClaimedSessionCheck known = check;
        if (known != null) {
            List<String> held = known.heldCounters();
            known.settle(status);
            limiting.guard().places().released(held);
        }
        login.settle();
    }
}
