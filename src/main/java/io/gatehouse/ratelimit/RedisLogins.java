package io.gatehouse.ratelimit;

import io.gatehouse.redis.Call;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        return ENTER.call(
                Purpose.RATE_LIMIT,
                keys(attempt),
                arguments(
                        attempt.address(),
                        attempt.attempt(),
                        attempt.network(),
                        lockOut.free(),
                        lockOut.first().toMillis(),
                        lockOut.longest().toMillis(),
                        LockOut.MOST,
                        LockOut.MEMORY.toMillis(),
                        LoginSettings.QUIET_NETWORKS,
                        attempt.exact(),
                        LoginSettings.LONGEST_HOLD.toMillis()),
                numbers(reply -> new Entered(
                        reply.get(0),
                        Math.toIntExact(reply.get(1)),
                        reply.get(2),
                        reply.get(3) == 1,
                        reply.get(4),
                        reply.get(5) == 1)));
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
        return SETTLE.call(
                Purpose.RATE_LIMIT,
                keys(attempt),
                arguments(
                        attempt.address(),
                        attempt.attempt(),
                        attempt.network(),
                        outcome.label(),
                        LockOut.MEMORY.toMillis(),
                        LoginSettings.QUIET_NETWORKS,
                        attempt.exact(),
                        LoginSettings.LONGEST_HOLD.toMillis(),
                        LoginSettings.MOST_ABANDONED,
                        LoginSettings.ABANDON_WINDOW.toMillis(),
                        LoginSettings.MOST_NEW_DEVICES,
                        LoginSettings.DEVICE_WINDOW.toMillis()),
                numbers(reply -> new Settled(reply.get(0) == 1, reply.get(1), reply.get(2) == 1)));
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
        return ADDRESS.call(
                Purpose.RATE_LIMIT,
                List.of(names.accounts(address)),
                arguments(account, sprayLimit, LoginSettings.SPRAY_WINDOW.toMillis()),
                numbers(reply -> new Spraying(reply.get(0), reply.get(1) == 1)));
    }

    /**
     * Forgets an account's failures; says how many of unknown browsers there were.
     *
     * @param reset what tells this reset from others
     */
    Call<Long> reset(String account, String reset) {
        return RESET.call(
                Purpose.RATE_LIMIT,
                List.of(names.lane(account), names.networks(account)),
                arguments(reset, LockOut.MEMORY.toMillis()),
                reply -> reply instanceof Long number ? number : 0L);
    }

    private List<byte[]> keys(LoginTry attempt) {
        List<byte[]> keys = new ArrayList<>(List.of(names.lane(attempt.account()), names.networks(attempt.account())));
        String device = attempt.device();
        if (device != null) {
            keys.add(names.deviceLane(attempt.account(), device));
        }
        return keys;
    }

    private static List<byte[]> arguments(Object... values) {
        List<byte[]> arguments = new ArrayList<>(values.length);
        for (Object value : values) {
            arguments.add(LoginNames.utf8(value.toString()));
        }
        return arguments;
    }

    private static <T> Function<@Nullable Object, T> numbers(Function<List<Long>, T> decoder) {
        return reply -> decoder.apply(
                ((List<?>) reply).stream().map(number -> (Long) number).toList());
    }
}
