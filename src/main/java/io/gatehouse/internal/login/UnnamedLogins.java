package io.gatehouse.internal.login;

import static io.gatehouse.internal.login.LoginSettlement.replyOf;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.login.RedisFailureStore.Spraying;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Login attempts that name no account. Only their address counts them: each failure counts as one more account that was tried from
 * there. Thread-safe.
 */
final class UnnamedLogins {
    private final LoginKeys names;
    private final RedisFailureStore logins;
    private final LocalFailureStore local;
    private final LoginSettlement settlement;
    private final LoginMetrics reports;
    private final RateLimitRule.OnRedisFailure onRedisFailure;

    UnnamedLogins(
            LoginKeys names,
            RedisFailureStore logins,
            LocalFailureStore local,
            LoginSettlement settlement,
            LoginMetrics reports,
            RateLimitRule.OnRedisFailure onRedisFailure) {
        this.names = names;
        this.logins = logins;
        this.local = local;
        this.settlement = settlement;
        this.reports = reports;
        this.onRedisFailure = onRedisFailure;
    }

    /**
     * Adds the question whether the attempt is admitted to a pipeline.
     *
     * @param id identifies the attempt, and stands for the account that it does not name
     */
    Supplier<LoginDecision> enter(@Nullable ClientAddress address, String id, Pipeline pipeline) {
        if (address == null) {
            return () -> reports.admit(null, outcome -> null);
        }
        AttemptContext attempt = new AttemptContext(
                id, id, "", names.address(address.ip()), names.network(address.network()), null, address);
        long refused = local.refusedMillis(attempt.address());
        if (refused > 0) {
            return () -> reports.refuse(attempt, refused, Reason.SPRAYING);
        }
        Response<Spraying> spraying = pipeline.add(logins.look(attempt));
        return () -> answer(attempt, replyOf(spraying));
    }

    private LoginDecision answer(AttemptContext attempt, @Nullable Spraying spraying) {
        if (spraying != null && spraying.refusedMillis() > 0) {
            local.refuse(attempt.address(), spraying.refusedMillis());
            return reports.refuse(attempt, spraying.refusedMillis(), Reason.SPRAYING);
        }
        if (spraying == null && onRedisFailure == RateLimitRule.OnRedisFailure.CLOSED) {
            return reports.refuse(attempt, LoginEngine.RETRY_WITHOUT_REDIS.toMillis(), Reason.UNAVAILABLE);
        }
        if (spraying == null) {
            reports.count(LoginEvent.WITHOUT_REDIS);
        }
        return reports.admit(null, outcome -> {
            if (spraying != null) {
                settlement.settleUnnamed(attempt, outcome);
            } else if (onRedisFailure == RateLimitRule.OnRedisFailure.LOCAL) {
                settlement.settleUnnamedHere(attempt, outcome);
            }
            return null;
        });
    }
}
