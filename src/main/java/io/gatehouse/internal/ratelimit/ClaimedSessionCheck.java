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
 * The rate limit check of a request that may claim a session: rules by user are charged to the user of the session that
 * opened, and to no user if none did. Belongs to one request; its methods are called one after the other.
 *
 * <p>The user that the token names is charged in the flight that reads the session, where {@link KnownSessions} allows it.
 * If the session does not open, the user's tokens are given back and the request is judged as one without a user. If the user
 * was not charged and the session opens, the user is charged in one more exchange; if that refuses, everything is given back.
 */
public final class ClaimedSessionCheck {
    private final LimitEngine limiter;
    private final RateLimitRequest request;
    private final @Nullable String sessionId;
    private final boolean countsUsers;
    private final boolean refusedAtOnce;
    private RateLimitCheck check;
    private @Nullable RateLimitCheck later;
    /** The second check, if it was the one that refused. */
    private @Nullable RateLimitCheck refusing;

    private @Nullable LimitDecision decision;
    /** The user whose rules the first check charges. */
    private @Nullable String charged;

    private boolean guessing;

    /**
     * Begins to check a request; what has to be asked of Redis is put into a flight.
     *
     * @param request with the tag of the user that its token names, or null
     * @param sessionId the public id of the session that a genuine token claims, or null without such a token
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
        this.refusedAtOnce = check.isRefused();
    }

    /** The user that may be charged before it is known whether the session opens, or null. */
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

    /** Whether the request is refused already, without asking Redis. */
    public boolean isRefused() {
        return refusedAtOnce;
    }

    /**
     * Returns what the rules say, once the flight was sent.
     *
     * @param userOfSession opens the session, which it may be asked to do once, and returns the tag of its user; null if it did
     *     not open or has no user. Not asked if no rule counts users, or if the request is refused for every user
     * @throws RuntimeException what {@code userOfSession} throws; then no user is charged
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
        if (refusedAtOnce || sessionId == null || !countsUsers || !dependsOnUser) {
            return first;
        }
        String user = null;
        boolean asked = false;
        try {
            user = userOfSession.get();
            asked = true;
        } finally {
            if (!asked) {
                check.giveBackUsers();
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

    /** The session did not open for the user that was charged. */
    private LimitDecision withoutUser(LimitDecision first) {
        if (first instanceof LimitDecision.Allowed allowed) {
            check.giveBackUsers();
            return new LimitDecision.Allowed(allowed.standings().stream()
                    .filter(ruleStatus -> !ruleStatus.rule().countsUsers())
                    .toList());
        }
        Pipeline pipeline = new Pipeline();
        check = limiter.begin(request.of(null), pipeline);
        limiter.send(pipeline);
        return check.decision();
    }

    /** The session opened for a user that was not charged. */
    private LimitDecision withUser(String user, LimitDecision.Allowed allowed) {
        Pipeline pipeline = new Pipeline();
        RateLimitCheck more = limiter.beginUsers(request.of(user), pipeline);
        limiter.send(pipeline);
        LimitDecision second = more.decision();
        if (!(second instanceof LimitDecision.Allowed)) {
            check.withdraw();
            refusing = more;
            return second;
        }
        later = more;
        List<RuleStatus> standings = new ArrayList<>(allowed.standings());
        standings.addAll(second.standings());
        return new LimitDecision.Allowed(standings);
    }

    private RateLimitCheck last() {
        return refusing == null ? check : refusing;
    }

    /** Whether it is refused only because of what requests under way hold, as {@link RateLimitCheck#isBusy}. */
    public boolean isBusy() {
        return last().isBusy();
    }

    /** The request does not wait any longer for a place. */
    public void giveUp() {
        last().giveUp();
    }

    /** What identifies the counters whose places a request waits for. */
    public List<String> busyCounters() {
        return last().busyCounters();
    }

    /** What identifies the counters of which it holds places. */
    public List<String> heldCounters() {
        List<String> held = new ArrayList<>(check.heldCounters());
        RateLimitCheck more = later;
        if (more != null) {
            held.addAll(more.heldCounters());
        }
        return held;
    }

    /** Gives everything back that was charged, because the application does not see the request. */
    public void withdraw() {
        endGuess();
        check.withdraw();
        RateLimitCheck more = later;
        if (more != null) {
            more.withdraw();
        }
    }

    private void endGuess() {
        String user = request.userTag();
        if (guessing && user != null) {
            guessing = false;
            limiter.sessions().endGuess(user);
        }
    }

    /** Settles what was charged, as {@link RateLimitCheck#settle}. */
    public void settle(int status) {
        endGuess();
        check.settle(status);
        RateLimitCheck more = later;
        if (more != null) {
            more.settle(status);
        }
    }
}
