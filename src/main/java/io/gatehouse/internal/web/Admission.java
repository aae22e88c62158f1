package io.gatehouse.internal.web;

import io.gatehouse.internal.ratelimit.ClaimedSessionCheck;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRequest.Selection;
import io.gatehouse.internal.session.TokenVerification;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.ratelimit.RateLimitExceededException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one request: rate limits, the limit on created sessions, and the login protection.
 *
 * <p>{@link #precheck} adds the checks to the pipeline that also reads the session, or refuses the request from the knowledge of this
 * node. {@link #enforce} evaluates the replies. If a limit refuses the request only because concurrent requests hold its last places,
 * it waits for a place and checks again. {@link #settle} ends the request: limits that count failures refund their charge if the response
 * is not a failure, and a login attempt that has not succeeded by then has failed. Not thread-safe.
 */
final class Admission {
    /** The request attribute by which a wrapped request returns its admission. */
    static final String ATTRIBUTE = Admission.class.getName();

    private static final LimitDecision WITHOUT_LIMITS = new LimitDecision.Allowed(List.of());

    private final RateLimitConfig limiting;
    private final HttpServletRequest request;
    private final ClientOrigin origin;
    private final @Nullable String userTag;
    private final @Nullable String sessionId;
    private final SessionCreation creation;
    private final LoginAttemptTracker login;
    /** The limits that depend on roles, if the container authenticates after the others were checked; otherwise null. */
    private final @Nullable RoleLimits roles;

    private @Nullable ClaimedSessionCheck check;
    private @Nullable ClaimedSession claimed;
    private @Nullable String path;
    private @Nullable TypedAccounts typed;

    /** @param containerServed whether the container authenticates after {@link #precheck} */
    Admission(
            RateLimitConfig limiting,
            SessionCookie cookie,
            HttpServletRequest request,
            TokenVerification tokenVerification,
            boolean containerServed) {
        this.roles = containerServed ? new RoleLimits() : null;
        this.limiting = limiting;
        this.request = request;
        this.origin = new ClientOrigin(limiting.addresses(), request);
        this.userTag = tokenVerification instanceof TokenVerification.Verified verified
                ? verified.ticket().userTag()
                : null;
        this.sessionId = tokenVerification instanceof TokenVerification.Verified verified ? verified.id() : null;
        this.creation = new SessionCreation(limiting.limiter(), () -> origin.limited(path(), null));
        this.login = new LoginAttemptTracker(limiting.guard(), cookie, limiting.deviceLifetime(), request);
    }

    /**
     * Returns the admission of a request.
     *
     * @throws IllegalStateException if the request did not come through the filter
     */
    static Admission of(HttpServletRequest request) {
        Object found = request.getAttribute(ATTRIBUTE);
        if (found instanceof Admission admission) {
            return admission;
        }
        // the request of the container, which CDI injects in container mode
        if (request.getAttribute(RequestContexts.ATTRIBUTE_PREFIX + request.getContextPath())
                instanceof RequestContext context) {
            return context.admission();
        }
        throw new IllegalStateException("expected a request that came through the Gatehouse filter");
    }

    ClientOrigin origin() {
        return origin;
    }

    /** Returns whether the token of the request names a user. */
    boolean isAuthenticated() {
        return userTag != null;
    }

    /**
     * Starts to check the limits, and adds the checks that need Redis to a pipeline.
     *
     * @return whether this node refuses the request without Redis
     */
    boolean precheck(String path, Pipeline pipeline) {
        this.path = path;
        if (typed().isNone() && limiting.limiter().rules().isEmpty()) {
            return false; // saves finding out the client's address
        }
        if (typed().isNone() // otherwise it is no preflight request of a browser
                && limiting.cors().isPreflight(request)
                && !limiting.limiter().rules().denies(origin.address())) {
            return false;
        }
        return typed().rejection() != 0 || begin(pipeline);
    }

    private boolean begin(Pipeline pipeline) {
        ClaimedSessionCheck started =
                new ClaimedSessionCheck(limiting.limiter(), limited(firstRules()), sessionId, pipeline);
        check = started;
        if (!started.isRefused()) {
            login.addChecks(typed(), origin, pipeline);
        }
        return started.isRefused();
    }

    private Selection firstRules() {
        return roles == null ? Selection.ALL : Selection.WITHOUT_ROLES;
    }

    private RateLimitRequest limited(Selection selection) {
        return origin.limited(path(), userTag).only(selection);
    }

    /** Checks the rules that depend on roles, if the container has authenticated the request since {@link #enforce}. */
    RequestOutcome enforceRoles(Redis redis) {
        ClaimedSession session = claimed;
        RoleLimits known = roles;
        if (known == null
                || path == null
                || session == null
                || !limiting.limiter().rules().dependsOnRoles()) {
            return RequestOutcome.ADMITTED_BEFORE;
        }
        LimitDecision decision = known.check(
                pipeline -> new ClaimedSessionCheck(
                        limiting.limiter(), limited(Selection.ONLY_WITH_ROLES), sessionId, pipeline),
                redis,
                () -> learnedUser(session));
        return decision instanceof LimitDecision.Allowed allowed
                ? new RequestOutcome.Admitted(allowed, isAuthenticated())
                : new RequestOutcome.Refused(decision, isAuthenticated());
    }

    private TypedAccounts typed() {
        TypedAccounts known = typed;
        if (known == null) {
            known = LoginForms.typed(request);
            typed = known;
        }
        return known;
    }

    private String path() {
        String known = path;
        return known == null ? request.getServletPath() : known;
    }

    /** Returns the limit on the sessions that the client creates. */
    SessionCreation creation() {
        return creation;
    }

    /**
     * Charges rules by their names, whatever the path.
     *
     * @throws RateLimitExceededException if they refuse
     */
    void charge(List<String> rules) {
        ClaimedSession session = claimed;
        String user = session == null ? null : session.userTag(); // a session that did not open charges no user
        LimitDecision decision = limiting.limiter().check(origin.limited(request.getServletPath(), user), rules);
        if (!(decision instanceof LimitDecision.Allowed)) {
            throw new RateLimitRefusal(String.join(", ", rules), decision);
        }
    }

    /** Starts a login attempt for an account that the application supplies. */
    LoginDecision attempt(String account) {
        return login.enter(account, origin.address());
    }

    /** Returns the login attempts of the request. */
    LoginAttemptTracker login() {
        return login;
    }

    /**
     * Decides whether the application serves the request, after the pipeline was sent. A request that is not admitted keeps no charge.
     * May wait for a place.
     *
     * @param session opened only if the limits depend on its user
     */
    RequestOutcome enforce(Redis redis, ClaimedSession session) {
        claimed = session;
        int rejection = typed().rejection();
        if (rejection != 0) {
            return new RequestOutcome.UncountableLogin(rejection);
        }
        Supplier<@Nullable String> user = () -> learnedUser(session);
        if (isBusy(user)) {
            boolean unused = limiting.guard().places().await(busyCounters(), () -> {
                checkAgain(redis, user);
                return !isBusy(user);
            });
        }
        LimitDecision decision = decision(user);
        if (!(decision instanceof LimitDecision.Allowed allowed)) {
            Objects.requireNonNull(check).giveUp();
            login.withdraw();
            return new RequestOutcome.Refused(decision, isAuthenticated());
        }
        LoginDecision.Denied lockout = login.refusal();
        if (lockout != null) {
            login.giveUp();
            withdraw();
            return new RequestOutcome.LockedOut(lockout);
        }
        if (roles != null) {
            roles.add(allowed.statuses());
        }
        return new RequestOutcome.Admitted(allowed, isAuthenticated());
    }

    private @Nullable String learnedUser(ClaimedSession session) {
        String tag = session.userTag();
        limiting.limiter().userLimits().learn(tag, session.user());
        return tag;
    }

    /** @param user opens the session and returns the tag of its user */
    private LimitDecision decision(Supplier<@Nullable String> user) {
        return check == null ? WITHOUT_LIMITS : check.decision(user);
    }

    private boolean isBusy(Supplier<@Nullable String> user) {
        LimitDecision decided = decision(user);
        ClaimedSessionCheck known = check;
        return known != null && (known.isBusy() || (decided instanceof LimitDecision.Allowed && login.isBusy()));
    }

    private List<String> busyCounters() {
        List<String> counters = new ArrayList<>(login.busyCounters());
        if (check != null) {
            counters.addAll(check.busyCounters());
        }
        return counters;
    }

    /** Repeats the refused part of the check. Charges of the limits stay; login attempts release their places meanwhile. */
    private void checkAgain(Redis redis, Supplier<@Nullable String> user) {
        Pipeline pipeline = new Pipeline();
        login.withdraw();
        boolean allowed = decision(user) instanceof LimitDecision.Allowed;
        if (allowed) {
            login.addChecks(typed(), origin, pipeline);
        } else if (begin(pipeline)) {
            return;
        }
        redis.send(pipeline);
    }

    /** Refunds all charges, because the application does not see the request. */
    private void withdraw() {
        login.withdraw();
        ClaimedSessionCheck known = check;
        if (known != null) {
            List<String> held = known.heldCounters();
            known.refund();
            limiting.guard().places().released(held);
        }
    }

    /** Ends a request that the application has not seen: it counts neither as a failure nor as a login attempt. */
    void settleUnseen() {
        login.withdraw();
        settle(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    /** Ends the request with the status of its response. */
    void settle(int status) {
        ClaimedSessionCheck known = check;
        if (known != null) {
            List<String> held = known.heldCounters();
            known.complete(status);
            limiting.guard().places().released(held);
        }
        if (roles != null) {
            roles.complete(status, limiting.guard().places());
        }
        login.settle(status);
    }
}
