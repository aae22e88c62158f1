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
 * Notes the outcomes of attempts to log in, in Redis or, for attempts that were let through without it, on this node. Thread-safe.
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

    /** Notes an outcome in Redis; returns whether the browser may become a known one. */
    boolean settle(LoginTry attempt, @Nullable ClientAddress address, LoginOutcome outcome) {
        Flight flight = new Flight();
        Reply<Settled> lane = flight.add(logins.settle(attempt, outcome));
        Reply<Spraying> spraying = notes(attempt, address, outcome) ? flight.add(logins.note(attempt)) : null;
        redis.send(flight);
        Settled settled = replyOf(lane);
        places.released(List.of(attempt.account()));
        if (settled == null) {
            reports.count(LoginEvent.UNSETTLED);
        } else if (settled.attacked()) {
            reports.underAttack(attempt.account());
        }
        if (spraying != null) {
            noted(attempt, address, replyOf(spraying));
        }
        return settled == null || settled.device();
    }

    /** Notes an outcome of an attempt that named no account: a failure counts as one more account tried from the address. */
    void settleUnnamed(LoginTry attempt, @Nullable ClientAddress address, LoginOutcome outcome) {
        if (notes(attempt, address, outcome)) {
            Flight flight = new Flight();
            Reply<Spraying> spraying = flight.add(logins.note(attempt));
            redis.send(flight);
            noted(attempt, address, replyOf(spraying));
        }
    }

    /** Notes an outcome on this node. */
    void settleHere(LoginTry attempt, @Nullable ClientAddress address, LoginOutcome outcome) {
        local.settle(attempt, outcome);
        places.released(List.of(attempt.account()));
        settleUnnamedHere(attempt, address, outcome);
    }

    void settleUnnamedHere(LoginTry attempt, @Nullable ClientAddress address, LoginOutcome outcome) {
        if (notes(attempt, address, outcome) && local.note(attempt)) {
            reports.spraying(address, Duration.ofMillis(local.refusedMillis(attempt.address())));
        }
    }

    private static boolean notes(LoginTry attempt, @Nullable ClientAddress address, LoginOutcome outcome) {
        return outcome == LoginOutcome.FAILED && attempt.isUnknown() && address != null;
    }

    private void noted(LoginTry attempt, @Nullable ClientAddress address, @Nullable Spraying spraying) {
        if (spraying != null && spraying.refusedMillis() > 0) {
            local.refuse(attempt.address(), spraying.refusedMillis());
            if (spraying.began()) {
                reports.spraying(address, Duration.ofMillis(spraying.refusedMillis()));
            }
        }
    }

    /** The answer, or null if Redis gave none. */
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
