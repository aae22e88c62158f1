package io.gatehouse.internal.redis.probe;

import io.gatehouse.internal.redis.RedisPurpose;
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

/**
 * Finds out what an ACL user may do, by doing it: a server asks the ACL before it runs a command, so what is refused with
 * {@code NOPERM} is not allowed, and any other answer will do. That needs no right to look at ACLs and works before Redis 7.
 * What is written lies below keys of our own, which live for seconds and are removed; if they could not be removed nothing is
 * written. Dangerous commands are tried only in forms that change nothing, or with {@code ACL DRYRUN}.
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

    /** @param base what keys may begin with, with a hash tag so that all share a slot */
    AclProbe(Connection connection, int database, String prefix, String base) {
        this.connection = connection;
        this.database = database;
        this.prefix = prefix;
        this.text = base + "s";
        this.hash = base + "h";
        this.set = base + "z";
        this.log = base + "l";
    }

    /** What the purposes need and may not, as an ACL spells it. */
    List<String> missing(Collection<RedisPurpose> redisPurposes, boolean replicas, boolean cluster, String channel) {
        attempt(List.of(
                to(Command.PING),
                to(Command.CLIENT, "SETNAME", "gatehouse"),
                to(Command.SELECT, Integer.toString(database)),
                to(Command.EVALSHA, "0".repeat(40), "1", text),
                to(Command.EVAL, "return 1", "1", text),
                to(Command.TIME),
                to(Command.PEXPIRE, text, TTL),
                to(Command.UNLINK, text)));
        boolean removable = !missing.contains("+pexpire") && !missing.contains("+unlink") && !missing.contains(keys());
        if (removable) {
            Map<String, CommandArguments> tries = new LinkedHashMap<>();
            redisPurposes.forEach(
                    redisPurpose -> needs(redisPurpose).forEach(one -> tries.putIfAbsent(spelling(one), one)));
            attempt(List.copyOf(tries.values()));
            attempt(List.of(to(Command.UNLINK, text), to(Command.UNLINK, hash)));
            attempt(List.of(to(Command.UNLINK, set), to(Command.UNLINK, log)));
        }
        if (replicas) {
            attempt(List.of(to(Command.WAIT, "0", "1")));
        }
        if (cluster) {
            attempt(List.of(to(Command.ASKING))); // for slots that move; CLUSTER SLOTS was asked before we came here
        }
        if (redisPurposes.contains(RedisPurpose.CACHE)) {
            attempt(List.of(to(Command.SCAN, "0", "COUNT", "1"), to(Command.PUBLISH, channel, "")));
            attempt(List.of(to(Command.SUBSCRIBE, channel))); // the last: now the connection only listens
        }
        return List.copyOf(missing);
    }

    /** In an order in which what is made gets a TTL at once. */
    private List<CommandArguments> needs(RedisPurpose redisPurpose) {
        CommandArguments put = to(Command.SET, text, "1", "PX", TTL);
        CommandArguments get = to(Command.GET, text);
        return switch (redisPurpose) {
            case SESSIONS ->
                List.of(
                        to(Command.TYPE, text),
                        to(Command.HSET, hash, "f", "1"),
                        to(Command.PEXPIREAT, hash, Long.toString(System.currentTimeMillis() + 10_000)),
                        to(Command.HDEL, hash, "g"),
                        to(Command.HEXISTS, hash, "f"),
                        to(Command.HGET, hash, "f"),
                        to(Command.HGETALL, hash),
                        to(Command.HKEYS, hash),
                        to(Command.HLEN, hash),
                        to(Command.HMGET, hash, "f"),
                        to(Command.HSTRLEN, hash, "f"),
                        to(Command.PTTL, hash),
                        to(Command.ZADD, set, "1", "m"),
                        to(Command.ZCARD, set),
                        to(Command.ZRANGE, set, "0", "1"),
                        to(Command.ZRANGEBYSCORE, set, "0", "1"),
                        to(Command.ZREVRANGEBYSCORE, set, "1", "0"),
                        to(Command.ZSCAN, set, "0"),
                        to(Command.ZSCORE, set, "m"),
                        to(Command.ZREMRANGEBYSCORE, set, "5", "6"),
                        to(Command.ZREM, set, "n"));
            case RATE_LIMIT ->
                List.of(
                        put,
                        get,
                        to(Command.MGET, text),
                        to(Command.PTTL, text),
                        to(Command.HSET, hash, "f", "1"),
                        to(Command.HDEL, hash, "g"),
                        to(Command.HEXISTS, hash, "f"),
                        to(Command.HGET, hash, "f"),
                        to(Command.HGETALL, hash),
                        to(Command.HKEYS, hash),
                        to(Command.HLEN, hash),
                        to(Command.PFADD, log, "m"),
                        to(Command.PFCOUNT, log),
                        to(Command.ZADD, set, "1", "m"),
                        to(Command.ZCARD, set),
                        to(Command.ZCOUNT, set, "0", "1"),
                        to(Command.ZRANGEBYSCORE, set, "0", "1"),
                        to(Command.ZREMRANGEBYSCORE, set, "5", "6"));
            case CACHE ->
                List.of(
                        put,
                        get,
                        to(Command.MGET, text),
                        to(Command.PTTL, text),
                        to(Command.INCR, text),
                        to(Command.DEL, text),
                        to(Command.HSET, hash, "f", "1"),
                        to(Command.HDEL, hash, "g"),
                        to(Command.HGETALL, hash),
                        to(Command.ZADD, set, "1", "m"),
                        to(Command.ZCARD, set),
                        to(Command.ZREMRANGEBYSCORE, set, "5", "6"));
            case CACHE_WARMING ->
                List.of(
                        put,
                        get,
                        to(Command.HSET, hash, "f", "1"),
                        to(Command.HEXISTS, hash, "f"),
                        to(Command.HGET, hash, "f"),
                        to(Command.HGETALL, hash),
                        to(Command.HMGET, hash, "f"),
                        to(Command.ZADD, set, "1", "m"),
                        to(Command.ZCARD, set),
                        to(Command.ZRANGE, set, "0", "1"),
                        to(Command.ZRANGEBYSCORE, set, "0", "1"),
                        to(Command.ZREVRANGE, set, "0", "1"),
                        to(Command.ZREM, set, "n"),
                        to(Command.ZINCRBY, set, "1", "m"),
                        to(Command.ZUNIONSTORE, set, "1", set),
                        to(Command.ZREMRANGEBYRANK, set, "5", "6"),
                        to(Command.ZREMRANGEBYSCORE, set, "5", "6"));
        };
    }

    /** What a user should not be able to do, and can. */
    List<String> excessive() {
        List<CommandArguments> tries =
                List.of(to(Command.CONFIG, "GET", "maxmemory"), to(Command.ACL, "WHOAMI"), to(Command.MODULE, "LIST"));
        List<String> excessive = new ArrayList<>();
        List<Object> replies = send(tries);
        for (int i = 0; i < tries.size(); i++) {
            if (!(replies.get(i) instanceof JedisDataException)) {
                excessive.add("+" + name(tries.get(i)));
            }
        }
        Object foreign = send(List.of(to(Command.GET, "not-of-" + prefix))).get(0);
        if (!(foreign instanceof JedisDataException e) || refusal(e) == null) {
            excessive.add("~*");
        }
        if (replies.get(1) instanceof byte[] user) {
            String name = new String(user, StandardCharsets.UTF_8);
            List<List<String>> dangerous = List.of(
                    List.of("FLUSHALL"), List.of("KEYS", "*"), List.of("SHUTDOWN"), List.of("REPLICAOF", "NO", "ONE"));
            List<CommandArguments> dry = dangerous.stream()
                    .map(words -> words.stream()
                            .reduce(to(Command.ACL, "DRYRUN", name), CommandArguments::add, (left, right) -> left))
                    .toList();
            List<Object> said = send(dry);
            for (int i = 0; i < dry.size(); i++) {
                if (said.get(i) instanceof byte[] ok && new String(ok, StandardCharsets.UTF_8).equals("OK")) {
                    excessive.add("+" + dangerous.get(i).get(0).toLowerCase(Locale.ROOT));
                }
            }
        }
        return excessive;
    }

    /** Notes what is refused. */
    private void attempt(List<CommandArguments> tries) {
        List<CommandArguments> all = new ArrayList<>();
        for (CommandArguments one : tries) {
            all.add(one);
            for (String made : madeBy(one)) {
                all.add(to(Command.PEXPIRE, made, TTL));
            }
        }
        List<Object> replies = send(all);
        for (int i = 0; i < all.size(); i++) {
            if (replies.get(i) instanceof JedisDataException e) {
                String refused = refusal(e);
                if (refused != null) {
                    missing.add(refused.isEmpty() ? spelling(all.get(i)) : refused);
                }
            }
        }
    }

    private List<String> madeBy(CommandArguments one) {
        return switch (name(one)) {
            case "hset" -> List.of(hash);
            case "zadd", "zincrby", "zunionstore" -> List.of(set);
            case "pfadd" -> List.of(log);
            case "incr" -> List.of(text);
            default -> List.of();
        };
    }

    /** The key or channel pattern that is refused, empty for the command itself, null if nothing is. */
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

    static CommandArguments to(Command command, String... arguments) {
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
