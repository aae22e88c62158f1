package io.gatehouse.ratelimit;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.ratelimit.RedisLogins.Settled;
import io.gatehouse.ratelimit.RedisLogins.Spraying;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.redis.Reply;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the outcomes of login attempts: in Redis, or on this node for attempts that were admitted without Redis. Thread-safe.
 */
final class LoginSettlement {
    private static final System.Logger LOG = System.getLogger(LoginSettlement.class.getName());

    private final Redis redis;
    private final RedisLogins logins;
    private final LocalLogins local;
    private final LoginReports reports;
    private final Places places;

    LoginSettlement(Redis redis, RedisLogins logins, LocalLogins local, LoginReports reports, Places places) {
        this.redis = redis;
        this.logins = logins;
        this.local = local;
        this.reports = reports;
        this.places = places;
    }

    /** Records an outcome in Redis; returns whether the browser may become a known one. */
    boolean settle(LoginTry attempt, LoginOutcome outcome) {
        Flight flight = new Flight();
        Reply<Settled> lane = flight.add(logins.settle(attempt, outcome));
        Reply<Spraying> spraying = notes(attempt, outcome) ? flight.add(logins.note(attempt)) : null;
        redis.send(flight);
        Settled settled = replyOf(lane);
        places.released(List.of(attempt.account()));
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
    void settleUnnamed(LoginTry attempt, LoginOutcome outcome) {
        if (notes(attempt, outcome)) {
            Flight flight = new Flight();
            Reply<Spraying> spraying = flight.add(logins.note(attempt));
            redis.send(flight);
            noted(attempt, replyOf(spraying));
        }
    }

    /** Records an outcome on this node. */
    void settleHere(LoginTry attempt, LoginOutcome outcome) {
        local.settle(attempt, outcome);
        places.released(List.of(attempt.account()));
        settleUnnamedHere(attempt, outcome);
    }

    void settleUnnamedHere(LoginTry attempt, LoginOutcome outcome) {
        if (notes(attempt, outcome) && local.note(attempt)) {
            reports.spraying(attempt.client(), Duration.ofMillis(local.refusedMillis(attempt.address())));
        }
    }

    private static boolean notes(LoginTry attempt, LoginOutcome outcome) {
        return outcome == LoginOutcome.FAILED && attempt.isUnknown() && attempt.client() != null;
    }

    private void noted(LoginTry attempt, @Nullable Spraying spraying) {
        if (spraying != null && spraying.refusedMillis() > 0) {
            local.refuse(attempt.address(), spraying.refusedMillis());
            if (spraying.began()) {
                reports.spraying(attempt.client(), Duration.ofMillis(spraying.refusedMillis()));
            }
        }
    }

    /** Returns the reply, or null if Redis sent none. */
    static <T> @Nullable T replyOf(Reply<T> reply) {
        try {
            return reply.value();
        } catch (GatehouseException e) {
            LOG.log(
                    e instanceof RedisUnavailable ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "Redis did not count a login: {0}",
                    e.getMessage());
            return null;
        }
    }
}
