package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.RedisUnavailable.Reason;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Translates what Jedis throws into what a caller can act on. Error texts of the server hold no data of ours. */
final class Faults {
    /** The code starts the text; up to Redis 6 the error of a command in a script stands inside, after a hyphen. */
    private static final Pattern CODE = Pattern.compile(
            "(?:^|[-@ ])(OOM|READONLY|NOREPLICAS|MISCONF|MASTERDOWN|NOAUTH|WRONGPASS"
                    + "|NOPERM|LOADING|BUSY|CLUSTERDOWN|TRYAGAIN|max number of clients|user executing the script can't)\\b");

    private Faults() {}

    /** For an exception that was thrown: the connection, not one reply, is at fault. */
    static RedisUnavailable thrown(JedisException e) {
        if (e instanceof JedisAccessControlException || e.getCause() instanceof JedisAccessControlException) {
            return new RedisUnavailable(Reason.DENIED, "Redis refused our user or password", e);
        }
        if (e instanceof JedisDataException data && replied(data) instanceof RedisUnavailable unavailable) {
            return unavailable;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return new RedisUnavailable(Reason.TIMEOUT, "Redis did not answer in time", e);
            }
        }
        return new RedisUnavailable(Reason.UNREACHABLE, "no connection to Redis", e);
    }

    /** For an error that came as a reply to one call. */
    static GatehouseException replied(JedisDataException e) {
        String text = e.getMessage() == null ? "" : e.getMessage();
        Matcher code = CODE.matcher(text);
        if (!code.find()) {
            return new RedisRejected("Redis rejected a call: " + text, e);
        }
        Reason reason = reason(code.group(1));
        return new RedisUnavailable(reason, "Redis cannot do this now: " + code.group(1), e);
    }

    private static Reason reason(String code) {
        return switch (code) {
            case "OOM" -> Reason.FULL;
            case "READONLY", "NOREPLICAS", "MISCONF", "MASTERDOWN" -> Reason.READ_ONLY;
            case "NOAUTH", "WRONGPASS", "NOPERM", "user executing the script can't" -> Reason.DENIED;
            case "max number of clients" -> Reason.EXHAUSTED;
            default -> Reason.BUSY;
        };
    }
}
