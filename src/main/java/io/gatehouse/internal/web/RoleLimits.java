package io.gatehouse.internal.web;

import io.gatehouse.internal.ratelimit.ClaimedSessionCheck;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.PlaceQueue;
import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one request that depend on the roles of the caller, if the container authenticates after the other limits were checked. They
 * cost a round trip of their own, and do not wait for a place. Not thread-safe.
 */
final class RoleLimits {
    private final List<RuleStatus> passed = new ArrayList<>();
    private @Nullable ClaimedSessionCheck check;
    private boolean checked;

    /** Adds the statuses of the rules that have admitted the request before. */
    void add(List<RuleStatus> statuses) {
        passed.addAll(statuses);
    }

    /**
     * Checks the limits once; later calls admit the request.
     *
     * @param start starts the check, which adds its calls to the pipeline
     * @param user opens the session and returns the tag of its user
     */
    LimitDecision check(Function<Pipeline, ClaimedSessionCheck> start, Redis redis, Supplier<@Nullable String> user) {
        if (checked) {
            return new LimitDecision.Allowed(passed);
        }
        checked = true;
        Pipeline pipeline = new Pipeline();
        ClaimedSessionCheck started = start.apply(pipeline);
        if (!pipeline.isEmpty()) {
            redis.send(pipeline);
        }
        check = started;
        LimitDecision decision = started.decision(user);
        if (decision instanceof LimitDecision.Allowed allowed) {
            add(allowed.statuses());
            return new LimitDecision.Allowed(passed);
        }
        started.giveUp();
        return decision;
    }

    /** Ends the request with the status of its response. */
    void complete(int status, PlaceQueue places) {
        ClaimedSessionCheck known = check;
        if (known != null) {
            List<String> held = known.heldCounters();
            known.complete(status);
            places.released(held);
        }
    }
}
