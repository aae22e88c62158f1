package io.gatehouse.ratelimit;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.ratelimit.LoginEntry.Admitted;
import io.gatehouse.ratelimit.LoginEntry.LockedOut;
import io.gatehouse.ratelimit.LoginEntry.Reason;
import io.gatehouse.ratelimit.RedisLogins.Entered;
import io.gatehouse.ratelimit.RedisLogins.Settled;
import io.gatehouse.ratelimit.RedisLogins.Spraying;
import io.gatehouse.redis.Flight;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.redis.Reply;
import io.gatehouse.signing.KeyRing;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards log-ins against guessing, and cannot be turned against users: failures lock an account for unknown browsers only. A
 * browser that has logged in to the account before has a lane of its own, and an address from which many accounts fail is
 * refused. Every attempt is counted when it enters and settled when its outcome is known: one round trip each. Safe for use by
 * several threads.
 */
public final class LoginGuard {
    private static final System.Logger LOG = System.getLogger(LoginGuard.class.getName());
    private static final Duration RETRY_WITHOUT_REDIS = Duration.ofSeconds(2);
    private static final int ID_LENGTH = 12;

    private final LoginNames names;
    private final DeviceCookies devices;
    private final RedisLogins logins;
    private final LocalLogins local;
    private final LoginReports reports;
    private final RateLimitRule.Away away;
    private final KeyRing keys;
    private final Redis redis;
    private final SecureRandom random = new SecureRandom();

    public LoginGuard(
            LoginSettings settings,
            String keyPrefix,
            String application,
            KeyRing keys,
            Redis redis,
            InstantSource clock,
            LoginObserver observer) {
        this.names = new LoginNames(keys, keyPrefix, application);
        this.devices = new DeviceCookies(keys, names, application, settings.deviceLifetime(), clock);
        this.logins = new RedisLogins(names, settings.lockOut(), settings.sprayLimit());
        this.local = new LocalLogins(settings.lockOut(), settings.sprayLimit(), clock);
        this.reports = new LoginReports(observer);
        this.away = settings.away();
        this.keys = keys;
        this.redis = redis;
    }

    /** As {@link #enter(String, ClientAddress, String, Flight)}, in a flight of its own. */
    public LoginEntry enter(String account, @Nullable ClientAddress address, @Nullable String deviceCookie) {
        Flight flight = new Flight();
        Supplier<LoginEntry> entry = enter(account, address, deviceCookie, flight);
        redis.send(flight);
        return entry.get();
    }

    /**
     * Puts the question whether an attempt may be looked at into a flight; the answer is there once that was sent, and is to be
     * asked for once. It is an answer too if Redis is away.
     *
     * @param account as the client typed it, whatever it is
     * @param address the client's address, or null if nobody knows
     * @param deviceCookie the device cookie that came along, or null
     */
    public Supplier<LoginEntry> enter(
            String account, @Nullable ClientAddress address, @Nullable String deviceCookie, Flight flight) {
        byte[] name = AccountName.fold(account);
        DeviceCookies.Device device = devices.read(deviceCookie, name);
        LoginTry attempt = new LoginTry(
                id(),
                names.account(keys.currentKid(), name),
                address == null ? "" : names.address(address.ip()),
                address == null ? "" : names.network(address.network()),
                device == null ? null : device.id());
        Visitor visitor = new Visitor(attempt, name, address, device);
        long refused = attempt.isUnknown() ? local.refusedMillis(attempt.address()) : 0;
        if (refused > 0) {
            return () -> refuse(attempt, refused, Reason.SPRAYING);
        }
        Reply<Entered> lane = flight.add(logins.enter(attempt));
        Reply<Spraying> spraying = attempt.isUnknown() && address != null ? flight.add(logins.look(attempt)) : null;
        return () -> answer(visitor, lane, spraying);
    }

    /** An attempt, and what its outcome needs to know besides. */
    private record Visitor(
            LoginTry attempt, byte[] name, @Nullable ClientAddress address, DeviceCookies.@Nullable Device device) {}

    private LoginEntry answer(Visitor visitor, Reply<Entered> lane, @Nullable Reply<Spraying> spraying) {
        LoginTry attempt = visitor.attempt();
        Entered entered = valueOf(lane);
        Spraying address = spraying == null ? new Spraying(0, false) : valueOf(spraying);
        if (address != null && address.refusedMillis() > 0) {
            local.refuse(attempt.address(), address.refusedMillis());
            takeBack(attempt, entered);
            return refuse(attempt, address.refusedMillis(), Reason.SPRAYING);
        }
        if (entered == null || (address == null && away == RateLimitRule.Away.CLOSED)) {
            takeBack(attempt, entered);
            return withoutRedis(visitor);
        }
        if (entered.attacked()) {
            reports.underAttack(attempt.account());
        }
        return entered.lockedMillis() > 0
                ? refuse(attempt, entered.lockedMillis(), Reason.LOCKED)
                : admit(visitor, outcome -> settle(visitor, outcome));
    }

    /** It was counted, and then refused for another reason. */
    private void takeBack(LoginTry attempt, @Nullable Entered entered) {
        if (entered != null && entered.lockedMillis() == 0) {
            Flight flight = new Flight();
            Reply<Settled> reply = flight.add(logins.settle(attempt, LoginOutcome.ABANDONED));
            redis.send(flight);
            if (valueOf(reply) == null) {
                reports.count(LoginEvent.UNSETTLED);
            }
        }
    }

    private LoginEntry withoutRedis(Visitor visitor) {
        LoginTry attempt = visitor.attempt();
        if (away == RateLimitRule.Away.CLOSED) {
            return refuse(attempt, RETRY_WITHOUT_REDIS.toMillis(), Reason.UNAVAILABLE);
        }
        reports.count(LoginEvent.WITHOUT_REDIS);
        if (away == RateLimitRule.Away.OPEN) {
            return admit(visitor, outcome -> {});
        }
        long locked = local.enter(attempt);
        return locked > 0
                ? refuse(attempt, locked, Reason.LOCKED)
                : admit(visitor, outcome -> settleHere(visitor, outcome));
    }

    private LoginEntry refuse(LoginTry attempt, long millis, Reason reason) {
        return reports.refused(attempt.account(), new LockedOut(Duration.ofMillis(millis), reason));
    }

    private interface Settling {
        void settle(LoginOutcome outcome);
    }

    private LoginEntry admit(Visitor visitor, Settling settling) {
        reports.count(LoginEvent.ADMITTED);
        return new Admitted(new LoginAttempt(outcome -> {
            reports.count(
                    switch (outcome) {
                        case SUCCEEDED -> LoginEvent.SUCCEEDED;
                        case FAILED -> LoginEvent.FAILED;
                        case ABANDONED -> LoginEvent.ABANDONED;
                    });
            settling.settle(outcome);
            return outcome == LoginOutcome.SUCCEEDED ? cookie(visitor) : null;
        }));
    }

    private @Nullable String cookie(Visitor visitor) {
        DeviceCookies.Device device = visitor.device();
        if (device != null && !device.renewable()) {
            return null;
        }
        return devices.write(visitor.name(), device == null ? id() : device.id());
    }

    private void settle(Visitor visitor, LoginOutcome outcome) {
        LoginTry attempt = visitor.attempt();
        Flight flight = new Flight();
        Reply<Settled> lane = flight.add(logins.settle(attempt, outcome));
        boolean notes = outcome == LoginOutcome.FAILED && attempt.isUnknown() && visitor.address() != null;
        Reply<Spraying> spraying = notes ? flight.add(logins.note(attempt)) : null;
        redis.send(flight);
        Settled settled = valueOf(lane);
        if (settled == null) {
            reports.count(LoginEvent.UNSETTLED);
        } else if (settled.attacked()) {
            reports.underAttack(attempt.account());
        }
        Spraying address = spraying == null ? null : valueOf(spraying);
        if (address != null && address.refusedMillis() > 0) {
            local.refuse(attempt.address(), address.refusedMillis());
            if (address.began()) {
                reports.spraying(visitor.address(), Duration.ofMillis(address.refusedMillis()));
            }
        }
    }

    private void settleHere(Visitor visitor, LoginOutcome outcome) {
        LoginTry attempt = visitor.attempt();
        local.settle(attempt, outcome);
        boolean notes = outcome == LoginOutcome.FAILED && attempt.isUnknown() && visitor.address() != null;
        if (notes && local.note(attempt)) {
            reports.spraying(visitor.address(), Duration.ofMillis(local.refusedMillis(attempt.address())));
        }
    }

    /** The answer, or null if Redis gave none. */
    private static <T> @Nullable T valueOf(Reply<T> reply) {
        try {
            return reply.value();
        } catch (GatehouseException e) {
            LOG.log(
                    e instanceof RedisUnavailable ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "Redis did not count a log-in: {0}",
                    e.getMessage());
            return null;
        }
    }

    /**
     * Forgets the failures of an account, of all browsers.
     *
     * @return how many of unknown browsers there were
     * @throws RedisUnavailable if that could not be done
     */
    public long reset(String account) {
        String tag = names.account(keys.currentKid(), AccountName.fold(account));
        local.reset(tag);
        return redis.send(logins.reset(tag, id()));
    }

    /**
     * How an account stands.
     *
     * @throws RedisUnavailable if nobody knows
     */
    public LoginStanding inspect(String account) {
        Entered entered = redis.send(logins.look(names.account(keys.currentKid(), AccountName.fold(account))));
        return new LoginStanding(
                entered.failures(),
                Duration.ofMillis(entered.lockedMillis()),
                entered.networks(),
                entered.networks() > LoginSettings.QUIET_NETWORKS);
    }

    /** How often something has happened on this node since it started. */
    public long count(LoginEvent event) {
        return reports.of(event);
    }

    private String id() {
        byte[] id = new byte[ID_LENGTH];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
