package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.ratelimit.KnownSessions.LastResult;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.rules.RateLimitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rate limit check of a request whose token may claim a session. Rules by user are charged to the user of the session if the
 * session opens, and to no user if it does not. Not thread-safe; belongs to one request.
 *
 * <p>Normally the user in the token is charged in the same pipeline that reads the session, provided that {@link KnownSessions} allows
 * it. If the session does not open, the user's tokens are refunded and the request is decided as one without a user. If the user was
 * not charged and the session opens, the user is charged in one more round trip; if that refuses, all charges are refunded.
 */
public final class ClaimedSessionCheck {
    private final LimitEngine limiter;
    private final RateLimitRequest request;
    private final @Nullable String sessionId;
    private final boolean countsUsers;
    private final boolean refusedEarly;
    private RateLimitCheck check;
    /** The second check, which charged the user after the session had opened. */
    private @Nullable RateLimitCheck userCheck;
    /** The second check, if it was the one that refused. */
    private @Nullable RateLimitCheck refusing;

    private @Nullable LimitDecision decision;
    /** The tag of the user that the first check charges, or null. */
    private @Nullable String charged;

    private boolean guessing;

    /**
     * Starts to check a request; adds the calls that this needs to the pipeline.
     *
     * @param request the request, with the tag of the user that its token names, or null
     * @param sessionId the public id of the session that a verified token claims, or null without such a token
     */
    public ClaimedSessionCheck(
            LimitEngine limiter, RateLimitRequest request, @Nullable String sessionId, Pipeline pipeline) {
        this.limiter = limiter;
        this.request = request;
        this.sessionId = sessionId;
        this.countsUsers = sessionId != null && limiter.countsUsers(request);
        this.charged = countsUsers ? chargeable() : null;
        this.check = limiter.begin(request.of(charged), pipeline);
        if (guessing && check.isRefused()) { // the user's counter is known to be empty, but this may not be the user
            endGuess();
            charged = null;
            check = limiter.begin(request.of(null), pipeline);
        }
        this.refusedEarly = check.isRefused();
    }

    /** Returns the user that may be charged before it is known whether the session opens, or null. */
    private @Nullable String chargeable() {
        String user = request.userTag();
        LastResult last =
                sessionId == null ? LastResult.DEAD : limiter.sessions().lastResult(sessionId);
        if (user == null || last == LastResult.DEAD) {
            return null;
        }
        guessing = last == LastResult.UNKNOWN && limiter.sessions().beginGuess(user);
        return guessing || last == LastResult.OPENED ? user : null;
    }

    /** Returns whether the request is already refused, without a call to Redis. */
    public boolean isRefused() {
        return refusedEarly;
    }

    /**
     * Returns the decision; to be called after the pipeline was sent.
     *
     * @param userOfSession opens the session and returns the tag of its user; null if it did not open or has no user. Called at most
     *     once, and not at all if no rule counts users or if the request is refused for every user
     * @throws RuntimeException if {@code userOfSession} throws; then no user is charged
     */
    public LimitDecision decision(Supplier<@Nullable String> userOfSession) {
        LimitDecision known = decision;
        if (known == null) {
            try {
                known = decide(userOfSession);
            } finally {
                endGuess();
            }
            decision = known;
        }
        return known;
    }

    private LimitDecision decide(Supplier<@Nullable String> userOfSession) {
        LimitDecision first = check.decision();
        boolean dependsOnUser = first instanceof LimitDecision.Allowed || (charged != null && check.onlyUsersRefuse());
        if (refusedEarly || sessionId == null || !countsUsers || !dependsOnUser) {
            return first;
        }
        String user = null;
        boolean returned = false;
        try {
            user = userOfSession.get();
            returned = true;
        } finally {
            if (!returned) {
                check.refundUsers();
            }
        }
        if (request.userTag() != null) {
            limiter.sessions().note(sessionId, request.userTag().equals(user));
        }
        if (Objects.equals(user, charged)) {
            return first;
        }
        LimitDecision anonymous = charged == null ? first : withoutUser(first);
        return user == null || !(anonymous instanceof LimitDecision.Allowed allowed)
                ? anonymous
                : withUser(user, allowed);
    }

    /** Decides the request again after the session did not open for the user that was charged. */
    private LimitDecision withoutUser(LimitDecision first) {
        if (first instanceof LimitDecision.Allowed allowed) {
            check.refundUsers();
            return new LimitDecision.Allowed(allowed.statuses().stream()
                    .filter(ruleStatus -> !ruleStatus.rule().countsUsers())
                    .toList());
        }
        Pipeline pipeline = new Pipeline();
        check = limiter.begin(request.of(null), pipeline);
        limiter.send(pipeline);
        return check.decision();
    }

    /** Charges the user after the session opened for a user that was not charged. */
    private LimitDecision withUser(String user, LimitDecision.Allowed allowed) {
        Pipeline pipeline = new Pipeline();
        RateLimitCheck more = limiter.beginUsers(request.of(user), pipeline);
        limiter.send(pipeline);
        LimitDecision second = more.decision();
        if (!(second instanceof LimitDecision.Allowed)) {
            check.refund();
            refusing = more;
            return second;
        }
        userCheck = more;
        List<RuleStatus> statuses = new ArrayList<>(allowed.statuses());
        statuses.addAll(second.statuses());
        return new LimitDecision.Allowed(statuses);
    }

    private RateLimitCheck deciding() {
        return refusing == null ? check : refusing;
    }

    /** Returns whether the request is refused only because requests in progress hold tokens, as {@link RateLimitCheck#isBusy}. */
    public boolean isBusy() {
        return deciding().isBusy();
    }

    /** Records that the request stops waiting for a place. */
    public void giveUp() {
        deciding().giveUp();
    }

    /** Returns the ids of the counters that the request waits for. */
    public List<String> busyCounters() {
        return deciding().busyCounters();
    }

    /** Returns the ids of the counters in which the request holds tokens. */
    public List<String> heldCounters() {
        List<String> held = new ArrayList<>(check.heldCounters());
        RateLimitCheck second = userCheck;
        if (second != null) {
            held.addAll(second.heldCounters());
        }
        return held;
    }

    /** Refunds all charges, because the request does not reach the application. */
    public void refund() {
        endGuess();
        check.refund();
        RateLimitCheck second = userCheck;
        if (second != null) {
            second.refund();
        }
    }

    private void endGuess() {
        String user = request.userTag();
        if (guessing && user != null) {
            guessing = false;
            limiter.sessions().endGuess(user);
        }
    }

    /** Completes the check, as {@link RateLimitCheck#complete}. */
    public void complete(int status) {
        endGuess();
        check.complete(status);
        RateLimitCheck second = userCheck;
        if (second != null) {
            second.complete(status);
        }
    }
}
