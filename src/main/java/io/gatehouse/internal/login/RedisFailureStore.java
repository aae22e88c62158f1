package io.gatehouse.internal.login;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.login.AccountStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls that count failed logins in Redis: {@code login-enter.lua} (TIME, HGETALL, HSET, PEXPIRE, PFADD, PFCOUNT),
 * {@code login-settle.lua} (HGET, HDEL, HGETALL, HSET, PFADD), {@code login-address.lua} (HLEN, HSET, PTTL, PEXPIRE) and {@code
 * login-reset.lua} (HKEYS, UNLINK, HSET). All of them may be retried when a reply is lost: each attempt is a separate hash field, so it
 * counts once. Immutable.
 */
final class RedisFailureStore {
    private static final Script BEGIN = Script.load(RedisFailureStore.class, "login-enter.lua", true);
    private static final Script COMPLETE = Script.load(RedisFailureStore.class, "login-settle.lua", true);
    private static final Script ADDRESS = Script.load(RedisFailureStore.class, "login-address.lua", true);
    private static final Script RESET = Script.load(RedisFailureStore.class, "login-reset.lua", true);

    private final LoginKeys loginKeys;
    private final LockoutPolicy lockoutPolicy;
    private final int sprayLimit;

    RedisFailureStore(LoginKeys loginKeys, LockoutPolicy lockoutPolicy, int sprayLimit) {
        this.loginKeys = loginKeys;
        this.lockoutPolicy = lockoutPolicy;
        this.sprayLimit = sprayLimit;
    }

    /**
     * The reply to an attempt. An attempt that was admitted has been counted.
     *
     * @param before the status of the account, for this browser, before the attempt; not locked if it is only busy
     * @param busy whether the attempt is refused only because attempts in progress hold the places
     * @param attacked whether this attempt brought the account under attack
     * @param now the time of Redis in milliseconds since 1970
     */
    record LockStatus(AccountStatus before, boolean busy, boolean attacked, long now) {
        boolean passed() {
            return !busy && before.lockedFor().isZero();
        }
    }

    RedisCall<LockStatus> begin(AttemptContext attempt) {
        return BEGIN.on(RedisPurpose.RATE_LIMIT)
                .keys(keys(attempt))
                .args(args -> args.text(attempt.address())
                        .text(attempt.attempt())
                        .text(attempt.network())
                        .number(lockoutPolicy.free())
                        .millis(lockoutPolicy.first())
                        .millis(lockoutPolicy.longest())
                        .number(LockoutPolicy.MOST)
                        .millis(LockoutPolicy.MEMORY)
                        .number(LoginSettings.QUIET_NETWORKS)
                        .text(attempt.exact())
                        .millis(LoginSettings.LONGEST_HOLD))
                .reply(reader -> entered(reader.list()));
    }

    private static LockStatus entered(ReplyReader reply) {
        Duration lockedFor = Duration.ofMillis(reply.number());
        int failures = reply.count();
        long networks = reply.number();
        boolean attacked = reply.flag();
        long now = reply.number();
        boolean busy = reply.flag();
        AccountStatus before = new AccountStatus(
                failures, busy ? Duration.ZERO : lockedFor, networks, networks > LoginSettings.QUIET_NETWORKS);
        return new LockStatus(before, busy, attacked, now);
    }

    /** Reads the status of an account for unknown browsers, without an attempt. */
    RedisCall<LockStatus> inspect(String account) {
        return begin(new AttemptContext("", account, "", "", "", null));
    }

    /**
     * The reply to an outcome.
     *
     * @param attacked whether the account has just come under attack
     * @param now the time of Redis in milliseconds since 1970
     * @param device whether the browser may become a known one
     */
    record SettleResult(boolean attacked, long now, boolean device) {}

    RedisCall<SettleResult> complete(AttemptContext attempt, LoginOutcome outcome) {
        return COMPLETE.on(RedisPurpose.RATE_LIMIT)
                .keys(keys(attempt))
                .args(args -> args.text(attempt.address())
                        .text(attempt.attempt())
                        .text(attempt.network())
                        .text(outcome.label())
                        .millis(LockoutPolicy.MEMORY)
                        .number(LoginSettings.QUIET_NETWORKS)
                        .text(attempt.exact())
                        .millis(LoginSettings.LONGEST_HOLD)
                        .number(LoginSettings.MOST_ABANDONED)
                        .millis(LoginSettings.ABANDON_WINDOW)
                        .number(LoginSettings.MOST_NEW_DEVICES)
                        .millis(LoginSettings.DEVICE_WINDOW))
                .reply(reader -> settled(reader.list()));
    }

    private static SettleResult settled(ReplyReader reply) {
        return new SettleResult(reply.flag(), reply.number(), reply.flag());
    }

    /**
     * The status of an address.
     *
     * @param refusedMillis how long it is refused; 0 if it is not
     * @param began whether the refusal has just started
     */
    record SprayStatus(long refusedMillis, boolean began) {}

    RedisCall<SprayStatus> inspectAddress(AttemptContext attempt) {
        return address(attempt.address(), "");
    }

    /** Counts a failure at the account from the address. */
    RedisCall<SprayStatus> recordFailure(AttemptContext attempt) {
        return address(attempt.address(), attempt.account());
    }

    private RedisCall<SprayStatus> address(String address, String account) {
        return ADDRESS.on(RedisPurpose.RATE_LIMIT)
                .keys(loginKeys.accounts(address))
                .args(args -> args.text(account).number(sprayLimit).millis(LoginSettings.SPRAY_WINDOW))
                .reply(reader -> spraying(reader.list()));
    }

    private static SprayStatus spraying(ReplyReader reply) {
        return new SprayStatus(reply.number(), reply.flag());
    }

    /**
     * Forgets an account's failures; returns how many of them were from unknown browsers.
     *
     * @param reset identifies this reset
     */
    RedisCall<Long> reset(String account, String reset) {
        return RESET.on(RedisPurpose.RATE_LIMIT)
                .keys(loginKeys.failures(account), loginKeys.networks(account))
                .args(args -> args.text(reset).millis(LockoutPolicy.MEMORY))
                .reply(ReplyReader::number);
    }

    private List<byte[]> keys(AttemptContext attempt) {
        List<byte[]> keys =
                new ArrayList<>(List.of(loginKeys.failures(attempt.account()), loginKeys.networks(attempt.account())));
        String device = attempt.deviceId();
        if (device != null) {
            keys.add(loginKeys.deviceFailures(attempt.account(), device));
        }
        return keys;
    }
}
