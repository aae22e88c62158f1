package io.gatehouse.internal.web;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.ratelimit.RateLimitCheck;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.session.CreationLimit;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.ratelimit.RateLimitExceededException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The limit on the creation of sessions by the client of one request. The rules with {@code counts = sessions} are charged in
 * the pipeline that stores the session. If they refuse, the session ends at once and the request is answered 429.
 */
final class SessionCreation implements CreationLimit {
    private static final System.Logger LOG = System.getLogger(SessionCreation.class.getName());

    private final LimitEngine limiter;
    private final Supplier<RateLimitRequest> request;
    private @Nullable RateLimitCheck check;
    private boolean decided;
    private boolean refused;

    /** @param request describes the request when a session is about to be stored */
    SessionCreation(LimitEngine limiter, Supplier<RateLimitRequest> request) {
        this.limiter = limiter;
        this.request = request;
    }

    /**
     * Saves a session.
     *
     * @return whether the session has not ended
     * @throws RateLimitExceededException if the client has created too many sessions; this one has then ended
     */
    boolean save(SessionRepository sessionRepository, Session session) {
        check = null;
        decided = false;
        refused = false;
        boolean saved = false;
        try {
            boolean alive = sessionRepository.save(session, this);
            saved = true;
            return alive;
        } finally {
            if (refused) {
                end(sessionRepository, session);
            } else if (!saved) {
                refund();
            }
        }
    }

    @Override
    public void begin(Pipeline pipeline) {
        RateLimitCheck started = limiter.beginSession(request.get(), pipeline);
        check = started;
        if (started.isRefused()) {
            decide();
        }
    }

    @Override
    public void decide() {
        RateLimitCheck started = check;
        LimitDecision decision = started == null ? null : started.decision();
        decided = true;
        if (decision != null && !(decision instanceof LimitDecision.Allowed)) {
            refused = true;
            String rules = decision.statuses().stream()
                    .filter(RateLimitHeaders::refuses)
                    .map(ruleStatus -> ruleStatus.rule().name())
                    .collect(Collectors.joining(", "));
            throw new RateLimitRefusal(rules, decision);
        }
    }

    /** Ends a session through the repository, so that the listeners that were notified of it are notified of its end. */
    private static void end(SessionRepository sessionRepository, Session session) {
        try {
            boolean unused = sessionRepository.invalidate(session);
        } catch (GatehouseException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "a refused session could not be ended and will expire: {0}",
                    e.getMessage());
        }
    }

    /** Refunds the charge, because the session could not be stored. */
    private void refund() {
        RateLimitCheck started = check;
        if (started != null && !decided) {
            started.cancel();
        }
    }
}
