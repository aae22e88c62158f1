package io.gatehouse.internal.login;

import static io.gatehouse.internal.login.OutcomeRecorder.replyOf;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.login.RedisFailureStore.SprayStatus;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides login attempts that name no account. They count by their address only: each failure counts as one more account that failed from
 * the address. Thread-safe.
 */
final class UnnamedLogins {
    private final LoginKeys loginKeys;
    private final RedisFailureStore redisFailures;
    private final LocalFailureStore localFailures;
    private final OutcomeRecorder outcomes;
    private final LoginMetrics metrics;
    private final RateLimitRule.OnRedisFailure onRedisFailure;

    UnnamedLogins(
            LoginKeys loginKeys,
            RedisFailureStore redisFailures,
            LocalFailureStore localFailures,
            OutcomeRecorder outcomes,
            LoginMetrics metrics,
            RateLimitRule.OnRedisFailure onRedisFailure) {
        this.loginKeys = loginKeys;
        this.redisFailures = redisFailures;
        this.localFailures = localFailures;
        this.outcomes = outcomes;
        this.metrics = metrics;
        this.onRedisFailure = onRedisFailure;
    }

    /**
     * Starts an attempt; adds its call to a pipeline. The returned supplier reads the decision after the pipeline was sent.
     *
     * @param id identifies the attempt, and takes the place of the account that it does not name
     */
    Supplier<LoginDecision> begin(@Nullable ClientAddress address, String id, Pipeline pipeline) {
        if (address == null) {
            return () -> metrics.admit(null, outcome -> null);
        }
        AttemptContext attempt = new AttemptContext(
                id, id, "", loginKeys.address(address.ip()), loginKeys.network(address.network()), null, address);
        long refused = localFailures.refusedMillis(attempt.address());
        if (refused > 0) {
            return () -> metrics.refuse(attempt, refused, Reason.SPRAYING);
        }
        Response<SprayStatus> spraying = pipeline.add(redisFailures.inspectAddress(attempt));
        return () -> decide(attempt, replyOf(spraying));
    }

    private LoginDecision decide(AttemptContext attempt, @Nullable SprayStatus spraying) {
        if (spraying != null && spraying.refusedMillis() > 0) {
            localFailures.refuse(attempt.address(), spraying.refusedMillis());
            return metrics.refuse(attempt, spraying.refusedMillis(), Reason.SPRAYING);
        }
        if (spraying == null && onRedisFailure == RateLimitRule.OnRedisFailure.CLOSED) {
            return metrics.refuse(attempt, LoginEngine.RETRY_WITHOUT_REDIS.toMillis(), Reason.UNAVAILABLE);
        }
        if (spraying == null) {
            metrics.count(LoginEvent.WITHOUT_REDIS);
        }
        return metrics.admit(null, outcome -> {
            if (spraying != null) {
                outcomes.completeUnnamed(attempt, outcome);
            } else if (onRedisFailure == RateLimitRule.OnRedisFailure.LOCAL) {
                outcomes.completeUnnamedLocally(attempt, outcome);
            }
            return null;
        });
    }
}
