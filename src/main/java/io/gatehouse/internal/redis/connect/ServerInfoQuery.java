package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.ServerInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * Builds the commands that ask a server about itself, and parses the replies. Immutable.
 *
 * <p>Commands: {@code INFO}, {@code TIME}, in a cluster {@code CLUSTER INFO}, otherwise {@code ROLE}.
 */
public final class ServerInfoQuery {
    /** The number of {@link #commands}. */
    public static final int SIZE = 3;

    private static final Pattern LAG = Pattern.compile(".*\\bstate=online\\b.*\\blag=(\\d+).*");

    private final boolean cluster;
    private final boolean tls;

    public ServerInfoQuery(boolean cluster, boolean tls) {
        this.cluster = cluster;
        this.tls = tls;
    }

    /** Returns the commands, to be sent in this order. */
    public List<CommandArguments> commands() {
        return List.of(
                cluster
                        ? new CommandArguments(Protocol.Command.CLUSTER).add("INFO")
                        : new CommandArguments(Protocol.Command.ROLE),
                new CommandArguments(Protocol.Command.INFO),
                new CommandArguments(Protocol.Command.TIME));
    }

    /**
     * Returns the role of the server, {@code down} for a cluster that is not working, or {@code unknown} if the ACL forbids
     * the command.
     */
    public String role(Object firstReply) {
        if (cluster) {
            String state = clusterState(firstReply);
            return state.equals("ok") ? "master" : state.equals("unknown") ? state : "down";
        }
        String role = firstReply instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof byte[] bytes
                ? text(bytes)
                : "unknown";
        return role.equals("slave") ? "replica" : role;
    }

    /**
     * Parses the replies. Returns null if the ACL forbids {@code INFO}.
     *
     * @param node the server that replied
     * @param replies the replies to {@link #commands}
     * @param at this node's best estimate of the time at which the server replied
     */
    @Nullable
    public ServerInfo parse(HostPort node, List<?> replies, Instant at) {
        if (!(replies.get(1) instanceof byte[] bytes)) {
            return null;
        }
        Map<String, String> info = lines(text(bytes));
        return new ServerInfo(
                node,
                info.getOrDefault("redis_version", "unknown"),
                info.getOrDefault("role", "unknown").replace("slave", "replica"),
                (int) number(info, "connected_slaves"),
                lag(info),
                info.containsKey("min_slaves_good_slaves"),
                number(info, "used_memory"),
                number(info, "maxmemory"),
                info.getOrDefault("maxmemory_policy", "unknown"),
                number(info, "evicted_keys"),
                number(info, "keyspace_hits"),
                number(info, "keyspace_misses"),
                number(info, "connected_clients"),
                number(info, "rejected_connections"),
                number(info, "aof_enabled") > 0,
                info.getOrDefault("rdb_last_bgsave_status", "ok").equals("ok")
                        && info.getOrDefault("aof_last_write_status", "ok").equals("ok"),
                Instant.ofEpochSecond(number(info, "rdb_last_save_time")),
                number(info, "rdb_changes_since_last_save"),
                number(info, "loading") > 0,
                Duration.ofSeconds(number(info, "uptime_in_seconds")),
                offset(replies.get(2), at),
                tls,
                cluster ? clusterState(replies.get(0)) : null,
                at);
    }

    private static Map<String, String> lines(String text) {
        Map<String, String> lines = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return lines;
    }

    private static long number(Map<String, String> info, String name) {
        try {
            return Long.parseLong(info.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            return 0; // a server that is compatible with Redis, but not Redis
        }
    }

    private static @Nullable Duration lag(Map<String, String> info) {
        Duration longest = null;
        for (int i = 0; ; i++) {
            String replica = info.get("slave" + i);
            if (replica == null) {
                return longest;
            }
            Matcher matcher = LAG.matcher(replica);
            if (matcher.matches()) {
                Duration lag = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
                longest = longest == null || lag.compareTo(longest) > 0 ? lag : longest;
            }
        }
    }

    private static @Nullable Duration offset(Object time, Instant at) {
        if (time instanceof List<?> parts
                && parts.size() == 2
                && parts.get(0) instanceof byte[] seconds
                && parts.get(1) instanceof byte[] micros) {
            Instant serverTime =
                    Instant.ofEpochSecond(Long.parseLong(text(seconds)), 1000 * Long.parseLong(text(micros)));
            return Duration.between(at, serverTime);
        }
        return null;
    }

    private static String clusterState(Object reply) {
        if (!(reply instanceof byte[] bytes)) {
            return "unknown";
        }
        return lines(text(bytes)).getOrDefault("cluster_state", "fail");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
