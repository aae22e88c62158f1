package io.gatehouse.internal.redis.probe;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.ExceptionTranslator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Finds out the rights of an ACL user by using them. A server checks the ACL before it runs a command, so {@code NOPERM}
 * means that a right is missing, and every other reply means that it is there. This needs no right to read ACLs and works
 * before Redis 7. Not thread-safe.
 *
 * <p>The probe writes only below keys of its own, which expire within seconds and are removed; if the user may not remove
 * them, it writes nothing. It tries dangerous commands only in forms that change nothing, or with {@code ACL DRYRUN}.
 */
final class AclProbe {
    private static final String TTL = "10000";

    private final Connection connection;
    private final int database;
    private final String prefix;
    private final String text;
    private final String hash;
    private final String set;
    private final String log;
    private final Set<String> missing = new LinkedHashSet<>();

    /** @param base the prefix of all keys to write, with a hash tag so that they share a slot */
    AclProbe(Connection connection, int database, String prefix, String base) {
        this.connection = connection;
        this.database = database;
        this.prefix = prefix;
        this.text = base + "s";
        this.hash = base + "h";
        this.set = base + "z";
        this.log = base + "l";
    }

    /** Returns the rights that the purposes need and the user lacks, in ACL syntax. */
    List<String> missing(Collection<RedisPurpose> redisPurposes, boolean replicas, boolean cluster, String channel) {
        attempt(List.of(
                command(Command.PING),
                command(Command.CLIENT, "SETNAME", "gatehouse"),
                command(Command.SELECT, Integer.toString(database)),
                command(Command.EVALSHA, "0".repeat(40), "1", text),
                command(Command.EVAL, "return 1", "1", text),
                command(Command.TIME),
                command(Command.PEXPIRE, text, TTL),
                command(Command.UNLINK, text)));
        boolean removable = !missing.contains("+pexpire") && !missing.contains("+unlink") && !missing.contains(keys());
        if (removable) {
            Map<String, CommandArguments> tries = new LinkedHashMap<>();
            redisPurposes.forEach(
                    redisPurpose -> needs(redisPurpose).forEach(one -> tries.putIfAbsent(spelling(one), one)));
            attempt(List.copyOf(tries.values()));
            attempt(List.of(command(Command.UNLINK, text), command(Command.UNLINK, hash)));
            attempt(List.of(command(Command.UNLINK, set), command(Command.UNLINK, log)));
        }
        if (replicas) {
            attempt(List.of(command(Command.WAIT, "0", "1")));
        }
        if (cluster) {
            attempt(List.of(command(Command.ASKING))); // for migrating slots; CLUSTER SLOTS ran before
        }
        if (redisPurposes.contains(RedisPurpose.CACHE)) {
            attempt(List.of(command(Command.SCAN, "0", "COUNT", "1"), command(Command.PUBLISH, channel, "")));
            attempt(List.of(command(
                    Command.SUBSCRIBE, channel))); // comes last: a subscribed connection accepts no other commands
        }
        return List.copyOf(missing);
    }

    /** Returns the commands of a purpose, in an order in which every new key gets a TTL at once. */
    private List<CommandArguments> needs(RedisPurpose redisPurpose) {
        CommandArguments put = command(Command.SET, text, "1", "PX", TTL);
        CommandArguments get = command(Command.GET, text);
        return switch (redisPurpose) {
            case SESSIONS ->
                List.of(
                        command(Command.TYPE, text),
                        command(Command.HSET, hash, "f", "1"),
                        command(Command.PEXPIREAT, hash, Long.toString(System.currentTimeMillis() + 10_000)),
                        command(Command.HDEL, hash, "g"),
                        command(Command.HEXISTS, hash, "f"),
                        command(Command.HGET, hash, "f"),
                        command(Command.HGETALL, hash),
                        command(Command.HKEYS, hash),
                        command(Command.HLEN, hash),
                        command(Command.HMGET, hash, "f"),
                        command(Command.HSTRLEN, hash, "f"),
                        command(Command.PTTL, hash),
                        command(Command.ZADD, set, "1", "m"),
                        command(Command.ZCARD, set),
                        command(Command.ZRANGE, set, "0", "1"),
                        command(Command.ZRANGEBYSCORE, set, "0", "1"),
                        command(Command.ZREVRANGEBYSCORE, set, "1", "0"),
                        command(Command.ZSCAN, set, "0"),
                        command(Command.ZMSCORE, set, "m"),
                        command(Command.ZSCORE, set, "m"),
                        command(Command.ZREMRANGEBYSCORE, set, "5", "6"),
                        command(Command.ZREM, set, "n"));
            case RATE_LIMIT ->
                List.of(
                        put,
                        get,
                        command(Command.MGET, text),
                        command(Command.PTTL, text),
                        command(Command.HSET, hash, "f", "1"),
                        command(Command.HDEL, hash, "g"),
                        command(Command.HEXISTS, hash, "f"),
                        command(Command.HGET, hash, "f"),
                        command(Command.HGETALL, hash),
                        command(Command.HKEYS, hash),
                        command(Command.HLEN, hash),
                        command(Command.PFADD, log, "m"),
                        command(Command.PFCOUNT, log),
                        command(Command.ZADD, set, "1", "m"),
                        command(Command.ZCARD, set),
                        command(Command.ZCOUNT, set, "0", "1"),
                        command(Command.ZRANGEBYSCORE, set, "0", "1"),
                        command(Command.ZREMRANGEBYSCORE, set, "5", "6"));
            case CACHE ->
                List.of(
                        put,
                        get,
                        command(Command.MGET, text),
                        command(Command.PTTL, text),
                        command(Command.INCR, text),
                        command(Command.DEL, text),
                        command(Command.HSET, hash, "f", "1"),
                        command(Command.HDEL, hash, "g"),
                        command(Command.HGETALL, hash),
                        command(Command.ZADD, set, "1", "m"),
                        command(Command.ZCARD, set),
                        command(Command.ZREMRANGEBYSCORE, set, "5", "6"));
            case CACHE_WARMING ->
                List.of(
                        put,
                        get,
                        command(Command.HSET, hash, "f", "1"),
                        command(Command.HEXISTS, hash, "f"),
                        command(Command.HGET, hash, "f"),
                        command(Command.HGETALL, hash),
                        command(Command.HMGET, hash, "f"),
                        command(Command.ZADD, set, "1", "m"),
                        command(Command.ZCARD, set),
                        command(Command.ZRANGE, set, "0", "1"),
                        command(Command.ZRANGEBYSCORE, set, "0", "1"),
                        command(Command.ZREVRANGE, set, "0", "1"),
                        command(Command.ZREM, set, "n"),
                        command(Command.ZINCRBY, set, "1", "m"),
                        command(Command.ZUNIONSTORE, set, "1", set),
                        command(Command.ZREMRANGEBYRANK, set, "5", "6"),
                        command(Command.ZREMRANGEBYSCORE, set, "5", "6"));
        };
    }

    /** Returns the dangerous rights that the user has and does not need, in ACL syntax. */
    List<String> excessive() {
        List<CommandArguments> tries = List.of(
                command(Command.CONFIG, "GET", "maxmemory"),
                command(Command.ACL, "WHOAMI"),
                command(Command.MODULE, "LIST"));
        List<String> excessive = new ArrayList<>();
        List<Object> replies = send(tries);
        for (int i = 0; i < tries.size(); i++) {
            if (!(replies.get(i) instanceof JedisDataException)) {
                excessive.add("+" + name(tries.get(i)));
            }
        }
        Object foreignKey =
                send(List.of(command(Command.GET, "not-of-" + prefix))).get(0);
        if (!(foreignKey instanceof JedisDataException e) || refusal(e) == null) {
            excessive.add("~*");
        }
        if (replies.get(1) instanceof byte[] user) {
            String name = new String(user, StandardCharsets.UTF_8);
            List<List<String>> dangerous = List.of(
                    List.of("FLUSHALL"), List.of("KEYS", "*"), List.of("SHUTDOWN"), List.of("REPLICAOF", "NO", "ONE"));
            List<CommandArguments> dryRuns = dangerous.stream()
                    .map(words -> words.stream()
                            .reduce(command(Command.ACL, "DRYRUN", name), CommandArguments::add, (left, right) -> left))
                    .toList();
            List<Object> dryRunReplies = send(dryRuns);
            for (int i = 0; i < dryRuns.size(); i++) {
                if (dryRunReplies.get(i) instanceof byte[] ok && new String(ok, StandardCharsets.UTF_8).equals("OK")) {
                    excessive.add("+" + dangerous.get(i).get(0).toLowerCase(Locale.ROOT));
                }
            }
        }
        return excessive;
    }

    /** Runs commands and records the missing rights. */
    private void attempt(List<CommandArguments> tries) {
        List<CommandArguments> all = new ArrayList<>();
        for (CommandArguments one : tries) {
            all.add(one);
            for (String created : keysCreatedBy(one)) {
                all.add(command(Command.PEXPIRE, created, TTL));
            }
        }
        List<Object> replies = send(all);
        for (int i = 0; i < all.size(); i++) {
            String refused = replies.get(i) instanceof JedisDataException e ? refusal(e) : null;
            if (refused != null && !refused.isEmpty()) {
                missing.add(refused);
            } else if (refused != null || lacksScripts(name(all.get(i)), replies.get(i))) {
                missing.add(spelling(all.get(i)));
            }
        }
    }

    /**
     * Returns whether the reply to a script shows that the server runs none. Services and proxies refuse scripts with texts of
     * their own, so only the right reply counts: 1 from {@code EVAL}, {@code NOSCRIPT} from {@code EVALSHA} with an unknown hash.
     */
    private static boolean lacksScripts(String name, Object reply) {
        if (reply instanceof JedisNoScriptException || !(name.equals("eval") || name.equals("evalsha"))) {
            return false;
        }
        if (!(reply instanceof JedisDataException e)) {
            return name.equals("eval") && !Long.valueOf(1).equals(reply);
        }
        Reason reason = ExceptionTranslator.replied(e) instanceof RedisUnavailableException now ? now.reason() : null;
        return reason == null || reason == Reason.UNEXPECTED; // otherwise it cannot run them at the moment
    }

    private List<String> keysCreatedBy(CommandArguments one) {
        return switch (name(one)) {
            case "hset" -> List.of(hash);
            case "zadd", "zincrby", "zunionstore" -> List.of(set);
            case "pfadd" -> List.of(log);
            case "incr" -> List.of(text);
            default -> List.of();
        };
    }

    /** Returns the missing key or channel pattern, empty if the command itself is forbidden, or null if nothing is. */
    private @Nullable String refusal(JedisDataException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("unknown command")) {
            return ""; // renamed
        }
        if (!message.startsWith("noperm")) {
            return null;
        }
        return message.contains("command") ? "" : message.contains("channel") ? "&" + prefix + ":*" : keys();
    }

    private String keys() {
        return "~" + prefix + ":*";
    }

    private List<Object> send(List<CommandArguments> all) {
        all.forEach(connection::sendCommand);
        return connection.getMany(all.size());
    }

    static CommandArguments command(Command command, String... arguments) {
        CommandArguments all = new CommandArguments(command);
        for (String argument : arguments) {
            all.add(argument);
        }
        return all;
    }

    private static String name(CommandArguments one) {
        return new String(one.getCommand().getRaw(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    }

    private static String spelling(CommandArguments one) {
        return "+" + (name(one).equals("client") ? "client|setname" : name(one));
    }
}
