package io.gatehouse.internal.login;

import static io.gatehouse.internal.login.LoginSettlement.replyOf;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.login.RedisFailureStore.Entered;
import io.gatehouse.internal.login.RedisFailureStore.Spraying;
import io.gatehouse.internal.ratelimit.PlaceQueue;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.login.AccountStatus;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Denied;
import io.gatehouse.login.LoginDecision.Reason;
import io.gatehouse.login.LoginListener;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The guard of logins against guessing, which cannot be turned against users: failures lock an account for unknown browsers only. A
 * browser that has logged in to the account before has a lane of its own, and an address from which many accounts fail is
 * refused. Every attempt holds a place from when it enters until it is settled: one round trip each. Thread-safe.
 */
public final class LoginEngine {
    static final Duration RETRY_WITHOUT_REDIS = Duration.ofSeconds(2);
    private static final Duration RETRY_WHILE_BUSY = Duration.ofSeconds(1);
    private static final int ID_LENGTH = 12;

    private final LoginKeys names;
    private final DeviceCookies devices;
    private final RedisFailureStore logins;
    private final LocalFailureStore local;
    private final LoginMetrics reports;
    private final PlaceQueue placeQueue;
    private final LoginSettlement settlement;
    private final UnnamedLogins unnamed;
    private final RateLimitRule.OnRedisFailure onRedisFailure;
    private final KeyRing keys;
    private final Redis redis;
    private final SecureRandom random = new SecureRandom();

    public LoginEngine(
            LoginSettings settings,
            String keyPrefix,
            String application,
            KeyRing keys,
            Redis redis,
            InstantSource clock,
            LoginListener observer) {
        this.names = new LoginKeys(keys, keyPrefix, application);
        this.devices = new DeviceCookies(keys, names, application, settings.deviceLifetime(), clock);
        this.logins = new RedisFailureStore(names, settings.lockOut(), settings.sprayLimit());
        this.local = new LocalFailureStore(settings.lockOut(), settings.sprayLimit(), clock);
        this.reports = new LoginMetrics(observer);
        this.placeQueue = new PlaceQueue(settings.placeWait(), settings.placeQueue(), System::nanoTime);
        this.settlement = new LoginSettlement(redis, logins, local, reports, placeQueue);
        this.unnamed = new UnnamedLogins(names, logins, local, settlement, reports, settings.away());
        this.onRedisFailure = settings.away();
        this.keys = keys;
        this.redis = redis;
    }

    /**
     * As {@link #enter(String, ClientAddress, String, Flight)}, in a flight of its own. Waits for a while if attempts under way hold all
     * places of the account.
     */
    public LoginDecision enter(String account, @Nullable ClientAddress address, @Nullable String deviceCookie) {
        LoginDecision[] entry = {enterOnce(account, address, deviceCookie)};
        if (isBusy(entry[0])) {
            boolean unused = placeQueue.await(List.of(counter(account)), () -> {
                entry[0] = enterOnce(account, address, deviceCookie);
                return !isBusy(entry[0]);
            });
        }
        return giveUp(account, entry[0]);
    }

    private LoginDecision enterOnce(String account, @Nullable ClientAddress address, @Nullable String deviceCookie) {
        Pipeline pipeline = new Pipeline();
        Supplier<LoginDecision> entry = enter(account, address, deviceCookie, pipeline);
        redis.send(pipeline);
        return entry.get();
    }

    /** Whether an entry is refused only because attempts under way hold all places. */
    public static boolean isBusy(LoginDecision entry) {
        return entry instanceof Denied denied && denied.reason() == Reason.BUSY;
    }

    /** What identifies the counter of an account in {@link #places}. */
    public String counter(String account) {
        return names.account(keys.currentKid(), AccountName.fold(account));
    }

    /** The queue of requests that wait for a place. */
    public PlaceQueue places() {
        return placeQueue;
    }

    /** Counts an entry that is refused because all places were held for too long; returns it. */
    public LoginDecision giveUp(String account, LoginDecision entry) {
        return entry instanceof Denied denied && isBusy(entry) ? reports.refused(counter(account), denied) : entry;
    }

    /**
     * Puts the question whether an attempt may be looked at into a flight; the answer is there once that was sent, and is to be
     * asked for once. It is an answer too if Redis does not reply. The caller handles a {@link #isBusy busy} one.
     *
     * @param account as the client typed it, whatever it is
     * @param address the client's address, or null if it is not known
     * @param deviceCookie the device cookie that came along, or null
     */
    public Supplier<LoginDecision> enter(
            String account, @Nullable ClientAddress address, @Nullable String deviceCookie, Pipeline pipeline) {
        AccountName typed = AccountName.of(account);
        AttemptContext attempt = new AttemptContext(
                id(),
                names.account(keys.currentKid(), typed.folded()),
                names.exact(keys.currentKid(), typed.exact()),
                address == null ? "" : names.address(address.ip()),
                address == null ? "" : names.network(address.network()),
                devices.read(deviceCookie, typed.exact()),
                address);
        long refused = attempt.isUnknown() ? local.refusedMillis(attempt.address()) : 0;
        if (refused > 0) {
            return () -> reports.refuse(attempt, refused, Reason.SPRAYING);
        }
        Response<Entered> lane = pipeline.add(logins.enter(attempt));
        Response<Spraying> spraying =
                attempt.isUnknown() && address != null ? pipeline.add(logins.look(attempt)) : null;
        return () -> answer(attempt, typed, lane, spraying);
    }

    /** As {@link #enter(String, ClientAddress, String, Flight)}, for a request that names no account: it counts by its address only. */
    public Supplier<LoginDecision> enterUnnamed(@Nullable ClientAddress address, Pipeline pipeline) {
        return unnamed.enter(address, id(), pipeline);
    }

    private LoginDecision answer(
            AttemptContext attempt, AccountName typed, Response<Entered> lane, @Nullable Response<Spraying> spraying) {
        Entered entered = replyOf(lane);
        Spraying address = spraying == null ? new Spraying(0, false) : replyOf(spraying);
        if (address != null && address.refusedMillis() > 0) {
            local.refuse(attempt.address(), address.refusedMillis());
            withdraw(attempt, entered);
            return reports.refuse(attempt, address.refusedMillis(), Reason.SPRAYING);
        }
        if (entered == null || (address == null && onRedisFailure == RateLimitRule.OnRedisFailure.CLOSED)) {
            withdraw(attempt, entered);
            return withoutRedis(attempt, typed);
        }
        if (entered.attacked()) {
            reports.underAttack(attempt.account());
        }
        if (entered.busy()) {
            return new Denied(RETRY_WHILE_BUSY, Reason.BUSY);
        }
        return entered.passed()
                ? reports.admit(typed.folded(), outcome -> {
                    boolean mayBeKnown = settlement.settle(attempt, outcome);
                    return outcome == LoginOutcome.SUCCEEDED ? cookie(attempt, typed, mayBeKnown) : null;
                })
                : reports.refuse(attempt, entered.before().lockedFor().toMillis(), Reason.LOCKED);
    }

    /** Gives back the place of an attempt that was counted, and is refused for another reason. */
    private void withdraw(AttemptContext attempt, @Nullable Entered entered) {
        if (entered != null && entered.passed()) {
            boolean unused = settlement.settle(attempt, LoginOutcome.WITHDRAWN);
        }
    }

    private LoginDecision withoutRedis(AttemptContext attempt, AccountName typed) {
        if (onRedisFailure == RateLimitRule.OnRedisFailure.CLOSED) {
            return reports.refuse(attempt, RETRY_WITHOUT_REDIS.toMillis(), Reason.UNAVAILABLE);
        }
        if (onRedisFailure == RateLimitRule.OnRedisFailure.OPEN) {
            reports.count(LoginEvent.WITHOUT_REDIS);
            return reports.admit(
                    typed.folded(), outcome -> outcome == LoginOutcome.SUCCEEDED ? cookie(attempt, typed, true) : null);
        }
        long locked = local.enter(attempt);
        if (locked == FailureHistory.BUSY) {
            return new Denied(RETRY_WHILE_BUSY, Reason.BUSY);
        }
        reports.count(LoginEvent.WITHOUT_REDIS);
        return locked > 0
                ? reports.refuse(attempt, locked, Reason.LOCKED)
                : reports.admit(typed.folded(), outcome -> {
                    settlement.settleHere(attempt, outcome);
                    return outcome == LoginOutcome.SUCCEEDED ? cookie(attempt, typed, true) : null;
                });
    }

    private @Nullable String cookie(AttemptContext attempt, AccountName typed, boolean mayBeKnown) {
        DeviceCookies.Device device = attempt.device();
        if (device == null) {
            return mayBeKnown ? devices.write(typed.exact(), id()) : null;
        }
        return device.renewable() ? devices.write(typed.exact(), device.id()) : null;
    }

    /**
     * Forgets the failures of an account, of all browsers.
     *
     * @return how many of unknown browsers there were
     * @throws RedisUnavailableException if that could not be done
     */
    public long reset(String account) {
        String tag = counter(account);
        local.reset(tag);
        return redis.send(logins.reset(tag, id()));
    }

    /**
     * How an account stands.
     *
     * @throws RedisUnavailableException if nobody knows
     */
    public AccountStatus inspect(String account) {
        return redis.send(logins.look(counter(account))).before();
    }

    /** Adds a listener, which is notified from now on. */
    public void addListener(LoginListener listener) {
        reports.add(listener);
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
