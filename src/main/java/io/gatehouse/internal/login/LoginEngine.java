package io.gatehouse.internal.login;

import static io.gatehouse.internal.login.OutcomeRecorder.replyOf;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.login.RedisFailureStore.LockStatus;
import io.gatehouse.internal.login.RedisFailureStore.SprayStatus;
import io.gatehouse.internal.ratelimit.BlockedClients;
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
 * The protection of logins against password guessing. It cannot be used to lock users out: failures lock an account for unknown browsers
 * only, because a browser that has logged in to the account before has its own failure history. An address from which many accounts fail
 * is refused. Each attempt holds a place from {@link #begin} until its outcome is recorded; both take one round trip. Thread-safe.
 */
public final class LoginEngine {
    static final Duration RETRY_WITHOUT_REDIS = Duration.ofSeconds(2);
    private static final Duration RETRY_WHILE_BUSY = Duration.ofSeconds(1);
    private static final int ID_LENGTH = 12;

    private final LoginKeys loginKeys;
    private final DeviceCookies devices;
    private final RedisFailureStore redisFailures;
    private final LocalFailureStore localFailures;
    private final LoginMetrics metrics;
    private final @Nullable BlockedClients blocked;
    private final PlaceQueue placeQueue;
    private final OutcomeRecorder outcomes;
    private final UnnamedLogins unnamed;
    private final RateLimitRule.OnRedisFailure onRedisFailure;
    private final KeyRing keys;
    private final Redis redis;
    private final SecureRandom random = new SecureRandom();

    /**
     * Creates the login protection of an application.
     *
     * @param observer notified of attacks
     * @param blocked lists the locked accounts, or null
     */
    public LoginEngine(
            LoginSettings settings,
            String keyPrefix,
            String application,
            KeyRing keys,
            Redis redis,
            InstantSource clock,
            LoginListener observer,
            @Nullable BlockedClients blocked) {
        this.loginKeys = new LoginKeys(keys, keyPrefix, application);
        this.devices = new DeviceCookies(keys, loginKeys, application, settings.deviceLifetime(), clock);
        this.redisFailures = new RedisFailureStore(loginKeys, settings.lockoutPolicy(), settings.sprayLimit());
        this.localFailures = new LocalFailureStore(settings.lockoutPolicy(), settings.sprayLimit(), clock);
        this.metrics = new LoginMetrics(observer);
        this.blocked = blocked;
        if (blocked != null) {
            metrics.add(new LockedAccounts(blocked));
        }
        this.placeQueue = new PlaceQueue(settings.placeWait(), settings.placeQueue(), System::nanoTime);
        this.outcomes = new OutcomeRecorder(redis, redisFailures, localFailures, metrics, placeQueue);
        this.unnamed = new UnnamedLogins(
                loginKeys, redisFailures, localFailures, outcomes, metrics, settings.onRedisFailure());
        this.onRedisFailure = settings.onRedisFailure();
        this.keys = keys;
        this.redis = redis;
    }

    /**
     * Starts an attempt in its own round trip. Waits for a while if attempts in progress hold all places of the account.
     *
     * @see #begin(String, ClientAddress, String, Pipeline) for the parameters
     */
    public LoginDecision begin(String account, @Nullable ClientAddress address, @Nullable String deviceCookie) {
        LoginDecision[] decision = {beginOnce(account, address, deviceCookie)};
        if (isBusy(decision[0])) {
            boolean unused = placeQueue.await(List.of(counter(account)), () -> {
                decision[0] = beginOnce(account, address, deviceCookie);
                return !isBusy(decision[0]);
            });
        }
        return giveUp(account, decision[0]);
    }

    private LoginDecision beginOnce(String account, @Nullable ClientAddress address, @Nullable String deviceCookie) {
        Pipeline pipeline = new Pipeline();
        Supplier<LoginDecision> decision = begin(account, address, deviceCookie, pipeline);
        redis.send(pipeline);
        return decision.get();
    }

    /** Returns whether an attempt is refused only because attempts in progress hold all places. */
    public static boolean isBusy(LoginDecision decision) {
        return decision instanceof Denied denied && denied.reason() == Reason.BUSY;
    }

    /** Returns the id of an account's counter in {@link #places}. */
    public String counter(String account) {
        return loginKeys.account(keys.currentKid(), AccountName.fold(account));
    }

    /** Returns the queue of requests that wait for a place. */
    public PlaceQueue places() {
        return placeQueue;
    }

    /** Counts a refusal if the decision is still busy after the longest wait; returns the decision. */
    public LoginDecision giveUp(String account, LoginDecision decision) {
        return decision instanceof Denied denied && isBusy(decision)
                ? metrics.refused(counter(account), denied)
                : decision;
    }

    /**
     * Starts an attempt; adds its calls to a pipeline. The returned supplier reads the decision after the pipeline was sent, and must be
     * called once. It returns a decision even if Redis does not reply. The caller handles a {@link #isBusy busy} decision.
     *
     * @param account the account as the client typed it, unchecked
     * @param address the client address, or null if it is unknown
     * @param deviceCookie the device cookie of the request, or null
     */
    public Supplier<LoginDecision> begin(
            String account, @Nullable ClientAddress address, @Nullable String deviceCookie, Pipeline pipeline) {
        AccountName typed = AccountName.of(account);
        AttemptContext attempt = new AttemptContext(
                id(),
                loginKeys.account(keys.currentKid(), typed.folded()),
                loginKeys.exact(keys.currentKid(), typed.exact()),
                address == null ? "" : loginKeys.address(address.ip()),
                address == null ? "" : loginKeys.network(address.network()),
                devices.read(deviceCookie, typed.exact()),
                address);
        long refused = attempt.isUnknown() ? localFailures.refusedMillis(attempt.address()) : 0;
        if (refused > 0) {
            return () -> metrics.refuse(attempt, refused, Reason.SPRAYING);
        }
        Response<LockStatus> lockReply = pipeline.add(redisFailures.begin(attempt));
        Response<SprayStatus> sprayReply =
                attempt.isUnknown() && address != null ? pipeline.add(redisFailures.inspectAddress(attempt)) : null;
        return () -> decide(attempt, typed, lockReply, sprayReply);
    }

    /** Starts an attempt that names no account and so counts by its address only; otherwise like {@link #begin}. */
    public Supplier<LoginDecision> beginUnnamed(@Nullable ClientAddress address, Pipeline pipeline) {
        return unnamed.begin(address, id(), pipeline);
    }

    private LoginDecision decide(
            AttemptContext attempt,
            AccountName typed,
            Response<LockStatus> lockReply,
            @Nullable Response<SprayStatus> sprayReply) {
        LockStatus lock = replyOf(lockReply);
        SprayStatus address = sprayReply == null ? new SprayStatus(0, false) : replyOf(sprayReply);
        if (address != null && address.refusedMillis() > 0) {
            localFailures.refuse(attempt.address(), address.refusedMillis());
            withdraw(attempt, lock);
            return metrics.refuse(attempt, address.refusedMillis(), Reason.SPRAYING);
        }
        if (lock == null || (address == null && onRedisFailure == RateLimitRule.OnRedisFailure.CLOSED)) {
            withdraw(attempt, lock);
            return withoutRedis(attempt, typed);
        }
        if (lock.attacked()) {
            metrics.underAttack(attempt.account());
        }
        if (lock.busy()) {
            return new Denied(RETRY_WHILE_BUSY, Reason.BUSY);
        }
        return lock.passed()
                ? metrics.admit(typed.folded(), outcome -> {
                    boolean mayBeKnown = outcomes.complete(attempt, outcome);
                    return outcome == LoginOutcome.SUCCEEDED ? cookie(attempt, typed, mayBeKnown) : null;
                })
                : metrics.refuse(attempt, lock.before().lockedFor().toMillis(), Reason.LOCKED);
    }

    /** Releases the place of an attempt that was counted and is now refused for another reason. */
    private void withdraw(AttemptContext attempt, @Nullable LockStatus lock) {
        if (lock != null && lock.passed()) {
            boolean unused = outcomes.complete(attempt, LoginOutcome.WITHDRAWN);
        }
    }

    private LoginDecision withoutRedis(AttemptContext attempt, AccountName typed) {
        if (onRedisFailure == RateLimitRule.OnRedisFailure.CLOSED) {
            return metrics.refuse(attempt, RETRY_WITHOUT_REDIS.toMillis(), Reason.UNAVAILABLE);
        }
        if (onRedisFailure == RateLimitRule.OnRedisFailure.OPEN) {
            metrics.count(LoginEvent.WITHOUT_REDIS);
            return metrics.admit(
                    typed.folded(), outcome -> outcome == LoginOutcome.SUCCEEDED ? cookie(attempt, typed, true) : null);
        }
        long locked = localFailures.begin(attempt);
        if (locked == FailureHistory.BUSY) {
            return new Denied(RETRY_WHILE_BUSY, Reason.BUSY);
        }
        metrics.count(LoginEvent.WITHOUT_REDIS);
        return locked > 0
                ? metrics.refuse(attempt, locked, Reason.LOCKED)
                : metrics.admit(typed.folded(), outcome -> {
                    outcomes.completeLocally(attempt, outcome);
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
     * Forgets the failures of an account, from all browsers.
     *
     * @return the number of failures from unknown browsers
     * @throws RedisUnavailableException if Redis does not answer in time
     */
    public long reset(String account) {
        String tag = counter(account);
        Pipeline pipeline = new Pipeline();
        Response<Long> failures = forget(tag, pipeline);
        if (blocked != null) {
            blocked.removeAccount(tag, pipeline);
        }
        redis.send(pipeline);
        return failures.get();
    }

    /**
     * Forgets the failures of an account like {@link #reset}; the list of blocked clients keeps it.
     *
     * @param account the keyed hash of the account
     */
    public long release(String account) {
        Pipeline pipeline = new Pipeline();
        Response<Long> failures = forget(account, pipeline);
        redis.send(pipeline);
        return failures.get();
    }

    private Response<Long> forget(String account, Pipeline pipeline) {
        localFailures.reset(account);
        return pipeline.add(redisFailures.reset(account, id()));
    }

    /**
     * Returns the status of an account for unknown browsers.
     *
     * @throws RedisUnavailableException if Redis does not answer in time
     */
    public AccountStatus inspect(String account) {
        return redis.send(redisFailures.inspect(counter(account))).before();
    }

    /** Adds a listener that is notified from now on. */
    public void addListener(LoginListener listener) {
        metrics.add(listener);
    }

    /** Returns how often an event has occurred on this node since its start. */
    public long count(LoginEvent event) {
        return metrics.of(event);
    }

    private String id() {
        byte[] id = new byte[ID_LENGTH];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
