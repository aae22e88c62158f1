package io.gatehouse.internal.login;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.login.RedisFailureStore.SettleResult;
import io.gatehouse.internal.login.RedisFailureStore.SprayStatus;
import io.gatehouse.internal.ratelimit.PlaceQueue;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the outcomes of login attempts: in Redis, or on this node for attempts that were allowed without Redis. Thread-safe.
 */
final class OutcomeRecorder {
    private static final System.Logger LOG = System.getLogger(OutcomeRecorder.class.getName());

    private final Redis redis;
    private final RedisFailureStore redisFailures;
    private final LocalFailureStore localFailures;
    private final LoginMetrics metrics;
    private final PlaceQueue placeQueue;

    OutcomeRecorder(
            Redis redis,
            RedisFailureStore redisFailures,
            LocalFailureStore localFailures,
            LoginMetrics metrics,
            PlaceQueue placeQueue) {
        this.redis = redis;
        this.redisFailures = redisFailures;
        this.localFailures = localFailures;
        this.metrics = metrics;
        this.placeQueue = placeQueue;
    }

    /** Records an outcome in Redis; returns whether the browser may become a known one. */
    boolean complete(AttemptContext attempt, LoginOutcome outcome) {
        Pipeline pipeline = new Pipeline();
        Response<SettleResult> reply = pipeline.add(redisFailures.complete(attempt, outcome));
        Response<SprayStatus> spray =
                notes(attempt, outcome) ? pipeline.add(redisFailures.recordFailure(attempt)) : null;
        redis.send(pipeline);
        SettleResult result = replyOf(reply);
        placeQueue.released(List.of(attempt.account()));
        if (result == null) {
            metrics.count(LoginEvent.UNSETTLED);
        } else if (result.attacked()) {
            metrics.underAttack(attempt.account());
        }
        if (spray != null) {
            noted(attempt, replyOf(spray));
        }
        return result == null || result.device();
    }

    /** Records the outcome of an attempt that named no account; a failure counts as one more account that failed from the address. */
    void completeUnnamed(AttemptContext attempt, LoginOutcome outcome) {
        if (notes(attempt, outcome)) {
            Pipeline pipeline = new Pipeline();
            Response<SprayStatus> spray = pipeline.add(redisFailures.recordFailure(attempt));
            redis.send(pipeline);
            noted(attempt, replyOf(spray));
        }
    }

    /** Records an outcome on this node alone. */
    void completeLocally(AttemptContext attempt, LoginOutcome outcome) {
        localFailures.complete(attempt, outcome);
        placeQueue.released(List.of(attempt.account()));
        completeUnnamedLocally(attempt, outcome);
    }

    void completeUnnamedLocally(AttemptContext attempt, LoginOutcome outcome) {
        if (notes(attempt, outcome) && localFailures.recordFailure(attempt)) {
            metrics.spraying(attempt.client(), Duration.ofMillis(localFailures.refusedMillis(attempt.address())));
        }
    }

    private static boolean notes(AttemptContext attempt, LoginOutcome outcome) {
        return outcome == LoginOutcome.FAILED && attempt.isUnknown() && attempt.client() != null;
    }

    private void noted(AttemptContext attempt, @Nullable SprayStatus spray) {
        if (spray != null && spray.refusedMillis() > 0) {
            localFailures.refuse(attempt.address(), spray.refusedMillis());
            if (spray.began()) {
                metrics.spraying(attempt.client(), Duration.ofMillis(spray.refusedMillis()));
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
                    "cannot count a login in Redis: {0}",
                    e.getMessage());
            return null;
        }
    }
}
