package io.gatehouse.internal.login;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.login.RedisFailureStore.Settled;
import io.gatehouse.internal.login.RedisFailureStore.Spraying;
import io.gatehouse.internal.ratelimit.PlaceQueue;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the outcomes of login attempts: in Redis, or on this node for attempts that were admitted without Redis. Thread-safe.
 */
final class LoginSettlement {
    private static final System.Logger LOG = System.getLogger(LoginSettlement.class.getName());

    private final Redis redis;
    private final RedisFailureStore logins;
    private final LocalFailureStore local;
    private final LoginMetrics reports;
    private final PlaceQueue placeQueue;

    LoginSettlement(
            Redis redis,
            RedisFailureStore logins,
            LocalFailureStore local,
            LoginMetrics reports,
            PlaceQueue placeQueue) {
        this.redis = redis;
        this.logins = logins;
        this.local = local;
        this.reports = reports;
        this.placeQueue = placeQueue;
    }

    /** Records an outcome in Redis; returns whether the browser may become a known one. */
    boolean settle(AttemptContext attempt, LoginOutcome outcome) {
        Pipeline pipeline = new Pipeline();
        Response<Settled> lane = pipeline.add(logins.settle(attempt, outcome));
        Response<Spraying> spraying = notes(attempt, outcome) ? pipeline.add(logins.note(attempt)) : null;
        redis.send(pipeline);
        Settled settled = replyOf(lane);
        placeQueue.released(List.of(attempt.account()));
        if (settled == null) {
            reports.count(LoginEvent.UNSETTLED);
        } else if (settled.attacked()) {
            reports.underAttack(attempt.account());
        }
        if (spraying != null) {
            noted(attempt, replyOf(spraying));
        }
        return settled == null || settled.device();
    }

    /** Records the outcome of an attempt that named no account: a failure counts as one more account tried from the address. */
    void settleUnnamed(AttemptContext attempt, LoginOutcome outcome) {
        if (notes(attempt, outcome)) {
            Pipeline pipeline = new Pipeline();
            Response<Spraying> spraying = pipeline.add(logins.note(attempt));
            redis.send(pipeline);
            noted(attempt, replyOf(spraying));
        }
    }

    /** Records an outcome on this node. */
    void settleHere(AttemptContext attempt, LoginOutcome outcome) {
        local.settle(attempt, outcome);
        placeQueue.released(List.of(attempt.account()));
        settleUnnamedHere(attempt, outcome);
    }

    void settleUnnamedHere(AttemptContext attempt, LoginOutcome outcome) {
        if (notes(attempt, outcome) && local.note(attempt)) {
            reports.spraying(attempt.client(), Duration.ofMillis(local.refusedMillis(attempt.address())));
        }
    }

    private static boolean notes(AttemptContext attempt, LoginOutcome outcome) {
        return outcome == LoginOutcome.FAILED && attempt.isUnknown() && attempt.client() != null;
    }

    private void noted(AttemptContext attempt, @Nullable Spraying spraying) {
        if (spraying != null && spraying.refusedMillis() > 0) {
            local.refuse(attempt.address(), spraying.refusedMillis());
            if (spraying.began()) {
                reports.spraying(attempt.client(), Duration.ofMillis(spraying.refusedMillis()));
            }
        }
    }

    /** Returns the reply, or null if Redis sent none. */
    static <T> @Nullable T replyOf(Response<T> response) {
        try {
            return response.get();
        } catch (GatehouseException e) {
            LOG.log(
                    e instanceof RedisUnavailableException ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "Redis did not count a login: {0}",
                    e.getMessage());
            return null;
        }
    }
}
