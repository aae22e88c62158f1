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

/**
 * Translates exceptions of Jedis into exceptions that callers can act on. The error texts of a server contain no application
 * data, so they may be part of messages.
 */
public final class ExceptionTranslator {
    /** Finds the error code, which starts the text. Up to Redis 6 the error of a command inside a script follows a hyphen in the middle. */
    private static final Pattern CODE = Pattern.compile(
            "(?:^|[-@ ])(OOM|READONLY|NOREPLICAS|MISCONF|MASTERDOWN|NOAUTH|WRONGPASS|NOPERM|LOADING|BUSY|CLUSTERDOWN"
                    + "|TRYAGAIN|max number of clients|user executing the script can't"
                    + "|Script attempted to access a non local key)\\b");

    /** Matches errors that the key or the call causes, and that would repeat. */
    private static final Pattern CAUSED_BY_CALL = Pattern.compile(
            "\\b(WRONGTYPE|CROSSSLOT|user_script|Error (running|compiling) script)\\b|(^|[-: ])ERR [^:]*\\b(value is not|not an integer)\\b");

    /** Matches those among them that only the stored value can cause. */
    private static final Pattern CAUSED_BY_STORED_VALUE = Pattern.compile("\\bWRONGTYPE\\b");

    /** Matches the errors that a node gives to every command while it cannot work, whatever the command is. */
    private static final Pattern WHATEVER_THE_COMMAND =
            Pattern.compile("^(LOADING|READONLY|MASTERDOWN|NOAUTH|ERR max number of clients)\\b");

    private ExceptionTranslator() {}

    /** Translates an exception of the connection, as opposed to the error reply to one call. */
    public static RedisUnavailableException thrown(JedisException e) {
        if (e instanceof JedisAccessControlException || e.getCause() instanceof JedisAccessControlException) {
            return new RedisUnavailableException(Reason.DENIED, "Redis refused the configured user or password", e);
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

    /** Translates the error reply to one call. */
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
        if (CAUSED_BY_CALL.matcher(text).find()) {
            return new RedisRejectedException(
                    "Redis rejected a call: " + text,
                    CAUSED_BY_STORED_VALUE.matcher(text).find(),
                    e);
        }
        return new RedisUnavailableException(
                Reason.UNEXPECTED, "Redis answered with an error instead of data: " + text, e);
    }

    /** Returns whether the circuit breaker counts a failure, which is so if the server and not the call caused it. */
    public static boolean isServerFailure(Reason reason) {
        return switch (reason) {
            case UNREACHABLE, TIMEOUT, EXHAUSTED, READ_ONLY, DENIED, BUSY -> true;
            case SUSPENDED, FULL, UNEXPECTED -> false;
        };
    }

    /** Returns whether an error means that the whole node cannot work, not only that a slot is elsewhere. */
    public static boolean isNodeFailure(JedisDataException e) {
        return !(e instanceof JedisRedirectionException)
                && !isSlotUnavailable(e)
                && replied(e) instanceof RedisUnavailableException unavailable
                && isServerFailure(unavailable.reason());
    }

    /**
     * Returns whether an error means that the whole node cannot work, if the command may be any one. An application may send
     * what its ACL user must not send, or run a script that fails with a text of its own: that is no failure of the node.
     */
    public static boolean isNodeFailureForAnyCommand(JedisDataException e) {
        return WHATEVER_THE_COMMAND.matcher(text(e)).find();
    }

    /** Returns whether a command did not run because its slot is being migrated or has no node at the moment. */
    public static boolean isSlotUnavailable(JedisDataException e) {
        return isTryAgain(e)
                || text(e).startsWith("CLUSTERDOWN")
                || text(e).contains("attempted to access a non local key");
    }

    /** Returns whether a command did not run because only some of its keys have been migrated. */
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
