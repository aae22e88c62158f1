package io.gatehouse.ratelimit;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.ReplyReader;
import io.gatehouse.redis.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls by which failed log-ins are counted in Redis: {@code login-enter.lua} (TIME, HGETALL, HSET, PEXPIRE, PFADD, PFCOUNT),
 * {@code login-settle.lua} (HGET, HDEL, HGETALL, HSET, PFADD), {@code login-address.lua} (PFADD, PFCOUNT, PTTL, PEXPIRE) and {@code
 * login-reset.lua} (HKEYS, UNLINK, HSET). All may be sent again when an answer is lost: an attempt is a field of its own, so it counts
 * once. Immutable.
 */
final class RedisLogins {
    private static final Script ENTER = Script.beside(RedisLogins.class, "login-enter.lua", true);
    private static final Script SETTLE = Script.beside(RedisLogins.class, "login-settle.lua", true);
    private static final Script ADDRESS = Script.beside(RedisLogins.class, "login-address.lua", true);
    private static final Script RESET = Script.beside(RedisLogins.class, "login-reset.lua", true);

    private final LoginNames names;
    private final LockOut lockOut;
    private final int sprayLimit;

    RedisLogins(LoginNames names, LockOut lockOut, int sprayLimit) {
        this.names = names;
        this.lockOut = lockOut;
        this.sprayLimit = sprayLimit;
    }

    /**
     * How a lane stands before the attempt.
     *
     * @param lockedMillis how long it is locked; 0 if the attempt passes, which has then been counted
     * @param failures how many it had
     * @param networks from about how many networks the account was attacked
     * @param attacked whether these have just become more than {@link LoginSettings#QUIET_NETWORKS}
     * @param now Redis' time in milliseconds since 1970
     * @param busy whether it is only locked because attempts under way hold the places
     */
    record Entered(long lockedMillis, int failures, long networks, boolean attacked, long now, boolean busy) {}

    Call<Entered> enter(LoginTry attempt) {
        return ENTER.on(Purpose.RATE_LIMIT)
                .keys(keys(attempt))
                .args(args -> args.text(attempt.address())
                        .text(attempt.attempt())
                        .text(attempt.network())
                        .number(lockOut.free())
                        .millis(lockOut.first())
                        .millis(lockOut.longest())
                        .number(LockOut.MOST)
                        .millis(LockOut.MEMORY)
                        .number(LoginSettings.QUIET_NETWORKS)
                        .text(attempt.exact())
                        .millis(LoginSettings.LONGEST_HOLD))
                .reply(reader -> entered(reader.list()));
    }

    private static Entered entered(ReplyReader reply) {
        return new Entered(reply.number(), reply.count(), reply.number(), reply.flag(), reply.number(), reply.flag());
    }

    /** How an account stands, without an attempt. */
    Call<Entered> look(String account) {
        return enter(new LoginTry("", account, "", "", "", null));
    }

    /**
     * What settling gave.
     *
     * @param attacked whether the account's networks have just become more than {@link LoginSettings#QUIET_NETWORKS}
     * @param now Redis' time in milliseconds since 1970
     * @param device whether the browser may become a known one
     */
    record Settled(boolean attacked, long now, boolean device) {}

    Call<Settled> settle(LoginTry attempt, LoginOutcome outcome) {
        return SETTLE.on(Purpose.RATE_LIMIT)
                .keys(keys(attempt))
                .args(args -> args.text(attempt.address())
                        .text(attempt.attempt())
                        .text(attempt.network())
                        .text(outcome.label())
                        .millis(LockOut.MEMORY)
                        .number(LoginSettings.QUIET_NETWORKS)
                        .text(attempt.exact())
                        .millis(LoginSettings.LONGEST_HOLD)
                        .number(LoginSettings.MOST_ABANDONED)
                        .millis(LoginSettings.ABANDON_WINDOW)
                        .number(LoginSettings.MOST_NEW_DEVICES)
                        .millis(LoginSettings.DEVICE_WINDOW))
                .reply(reader -> settled(reader.list()));
    }

    private static Settled settled(ReplyReader reply) {
        return new Settled(reply.flag(), reply.number(), reply.flag());
    }

    /**
     * How an address stands.
     *
     * @param refusedMillis how long it is refused; 0 if it is not
     * @param began whether that has just begun
     */
    record Spraying(long refusedMillis, boolean began) {}

    Call<Spraying> look(LoginTry attempt) {
        return address(attempt.address(), "");
    }

    /** Notes that the account failed from the address. */
    Call<Spraying> note(LoginTry attempt) {
        return address(attempt.address(), attempt.account());
    }

    private Call<Spraying> address(String address, String account) {
        return ADDRESS.on(Purpose.RATE_LIMIT)
                .keys(names.accounts(address))
                .args(args -> args.text(account).number(sprayLimit).millis(LoginSettings.SPRAY_WINDOW))
                .reply(reader -> spraying(reader.list()));
    }

    private static Spraying spraying(ReplyReader reply) {
        return new Spraying(reply.number(), reply.flag());
    }

    /**
     * Forgets an account's failures; says how many of unknown browsers there were.
     *
     * @param reset what tells this reset from others
     */
    Call<Long> reset(String account, String reset) {
        return RESET.on(Purpose.RATE_LIMIT)
                .keys(names.lane(account), names.networks(account))
                .args(args -> args.text(reset).millis(LockOut.MEMORY))
                .reply(ReplyReader::number);
    }

    private List<byte[]> keys(LoginTry attempt) {
        List<byte[]> keys = new ArrayList<>(List.of(names.lane(attempt.account()), names.networks(attempt.account())));
        String device = attempt.device();
        if (device != null) {
            keys.add(names.deviceLane(attempt.account(), device));
        }
        return keys;
    }
}
