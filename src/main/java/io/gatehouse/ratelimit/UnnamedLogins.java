package io.gatehouse.ratelimit;

import static io.gatehouse.ratelimit.LoginSettlement.replyOf;

import io.gatehouse.ratelimit.LoginEntry.Reason;
import io.gatehouse.ratelimit.RedisLogins.Spraying;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Reply;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Login attempts that name no account. Only their address counts them: each failure counts as one more account that was tried from
 * there. Thread-safe.
 */
final class UnnamedLogins {
    private final LoginNames names;
    private final RedisLogins logins;
    private final LocalLogins local;
    private final LoginSettlement settlement;
    private final LoginReports reports;
    private final RateLimitRule.Away away;

    UnnamedLogins(
            LoginNames names,
            RedisLogins logins,
            LocalLogins local,
            LoginSettlement settlement,
            LoginReports reports,
            RateLimitRule.Away away) {
        this.names = names;
        this.logins = logins;
        this.local = local;
        this.settlement = settlement;
        this.reports = reports;
        this.away = away;
    }

    /**
     * Adds the question whether the attempt is admitted to a pipeline.
     *
     * @param id identifies the attempt, and stands for the account that it does not name
     */
    Supplier<LoginEntry> enter(@Nullable ClientAddress address, String id, Flight flight) {
        if (address == null) {
            return () -> reports.admit(null, outcome -> null);
        }
        LoginTry attempt =
                new LoginTry(id, id, "", names.address(address.ip()), names.network(address.network()), null, address);
        long refused = local.refusedMillis(attempt.address());
        if (refused > 0) {
            return () -> reports.refuse(attempt, refused, Reason.SPRAYING);
        }
        Reply<Spraying> spraying = flight.add(logins.look(attempt));
        return () -> answer(attempt, replyOf(spraying));
    }

    private LoginEntry answer(LoginTry attempt, @Nullable Spraying spraying) {
        if (spraying != null && spraying.refusedMillis() > 0) {
            local.refuse(attempt.address(), spraying.refusedMillis());
            return reports.refuse(attempt, spraying.refusedMillis(), Reason.SPRAYING);
        }
        if (spraying == null && away == RateLimitRule.Away.CLOSED) {
            return reports.refuse(attempt, LoginEngine.RETRY_WITHOUT_REDIS.toMillis(), Reason.UNAVAILABLE);
        }
        if (spraying == null) {
            reports.count(LoginEvent.WITHOUT_REDIS);
        }
        return reports.admit(null, outcome -> {
            if (spraying != null) {
                settlement.settleUnnamed(attempt, outcome);
            } else if (away == RateLimitRule.Away.LOCAL) {
                settlement.settleUnnamedHere(attempt, outcome);
            }
            return null;
        });
    }
}
