package io.gatehouse.internal.redis;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisRejectedException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** Translates what Jedis throws into what a caller can act on. Error texts of the server hold no data of ours. */
public final class ExceptionTranslator {
    /** The code starts the text; up to Redis 6 the error of a command in a script stands inside, after a hyphen. */
    private static final Pattern CODE = Pattern.compile(
            "(?:^|[-@ ])(OOM|READONLY|NOREPLICAS|MISCONF|MASTERDOWN|NOAUTH|WRONGPASS|NOPERM|LOADING|BUSY|CLUSTERDOWN"
                    + "|TRYAGAIN|max number of clients|user executing the script can't"
                    + "|Script attempted to access a non local key)\\b");

    /** Errors that say something of the key or of the call, and say it again next time. */
    private static final Pattern OF_THE_CALL = Pattern.compile(
            "\\b(WRONGTYPE|CROSSSLOT|user_script|Error (running|compiling) script)\\b|(^|[-: ])ERR [^:]*\\b(value is not|not an integer)\\b");

    /** Of these, the ones that only what is stored under the key can cause. */
    private static final Pattern OF_THE_KEY = Pattern.compile("\\bWRONGTYPE\\b");

    private ExceptionTranslator() {}

    /** For an exception that was thrown: the connection, not one reply, is at fault. */
    public static RedisUnavailableException thrown(JedisException e) {
        if (e instanceof JedisAccessControlException || e.getCause() instanceof JedisAccessControlException) {
            return new RedisUnavailableException(Reason.DENIED, "Redis refused our user or password", e);
        }
        if (e instanceof JedisDataException data && replied(data) instanceof RedisUnavailableException unavailable) {
            return unavailable;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return new RedisUnavailableException(Reason.TIMEOUT, "Redis did not answer in time", e);
            }
        }
        return new RedisUnavailableException(Reason.UNREACHABLE, "no connection to Redis", e);
    }

    /** For an error that came as a reply to one call. */
    public static GatehouseException replied(JedisDataException e) {
        if (e instanceof JedisRedirectionException) {
            return new RedisUnavailableException(Reason.BUSY, "the slot of a key is moving to another node", e);
        }
        String text = text(e);
        Matcher code = CODE.matcher(text);
        if (code.find()) {
            return new RedisUnavailableException(
                    reason(code.group(1)), "Redis cannot do this now: " + code.group(1), e);
        }
        if (OF_THE_CALL.matcher(text).find()) {
            return new RedisRejectedException(
                    "Redis rejected a call: " + text, OF_THE_KEY.matcher(text).find(), e);
        }
        return new RedisUnavailableException(
                Reason.UNEXPECTED, "Redis answered with an error instead of data: " + text, e);
    }

    /** Returns whether the circuit breaker counts a failure: whether the server, not the call, is at fault. */
    public static boolean isServerFailure(Reason reason) {
        return switch (reason) {
            case UNREACHABLE, TIMEOUT, EXHAUSTED, READ_ONLY, DENIED, BUSY -> true;
            case SUSPENDED, FULL, UNEXPECTED -> false;
        };
    }

    /** Whether an error says that the whole node cannot do its work, and not only that a slot is elsewhere. */
    public static boolean isOfNode(JedisDataException e) {
        return !(e instanceof JedisRedirectionException)
                && !isOfSlot(e)
                && replied(e) instanceof RedisUnavailableException unavailable
                && isServerFailure(unavailable.reason());
    }

    /** Whether a command did not run because its slot is on its way, or has no node for the moment. */
    public static boolean isOfSlot(JedisDataException e) {
        return isTryAgain(e)
                || text(e).startsWith("CLUSTERDOWN")
                || text(e).contains("attempted to access a non local key");
    }

    /** Whether a command did not run because only some of its keys have moved. */
    public static boolean isTryAgain(JedisDataException e) {
        return text(e).startsWith("TRYAGAIN");
    }

    private static String text(JedisDataException e) {
        return e.getMessage() == null ? "" : e.getMessage();
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
