package io.gatehouse.internal.redis.probe;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.ExceptionTranslator;
import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisLogin;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.ServerInfo;
import io.gatehouse.internal.redis.TopologySettings;
import io.gatehouse.internal.redis.connect.RedisNodes;
import io.gatehouse.internal.redis.connect.ServerInfoQuery;
import io.gatehouse.internal.redis.probe.ServerDiagnostics.ProbedApplication;
import io.gatehouse.internal.redis.probe.ServerDiagnostics.State;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Examines one server: whether it can be used, what it reports about itself, what the ACL allows, how fast it is. Not
 * thread-safe.
 *
 * <p>Commands: {@code PING}, {@code ROLE} or {@code CLUSTER INFO}, {@code INFO}, {@code TIME}, {@code SELECT}, {@code CONFIG
 * GET save}, {@code SET} and those of {@link AclProbe}.
 */
final class ServerDiagnosticsRunner {
    private static final int PINGS = 200;
    private static final Duration PING_TIME = Duration.ofMillis(250);

    private static final Duration PLAIN_TEXT_TIMEOUT = Duration.ofMillis(500);

    private final RedisSettings settings;
    private final List<RedisPurpose> group;
    private final RedisEndpoint home;
    private final ProbedApplication application;
    private final InstantSource clock;
    private final List<ServerInfo> serverInfo = new ArrayList<>();
    private final List<Long> pings = new ArrayList<>();
    private final List<String> wanted = new ArrayList<>();
    private List<String> missing = List.of();
    private List<String> excessive = List.of();
    private @Nullable Boolean snapshots;

    /** @param group the purposes that share the server */
    ServerDiagnosticsRunner(
            RedisSettings settings, List<RedisPurpose> group, ProbedApplication application, InstantSource clock) {
        this.settings = settings;
        this.group = group;
        this.home = settings.endpoint(group.get(0));
        this.application = application;
        this.clock = clock;
    }

    ServerDiagnostics examine() {
        if (home.tls() && answersWithoutTls()) {
            return found(State.TLS_FAILED);
        }
        State state;
        try (RedisNodes redisNodes = RedisNodes.open(home, settings, 1)) {
            state = examineNodes(redisNodes);
        } catch (RuntimeException e) {
            state = stateBehind(e);
        }
        return found(state);
    }

    /** Returns a result with only the given state, for a caller that timed out. */
    ServerDiagnostics only(State state) {
        return new ServerDiagnosticsRunner(settings, group, application, clock).found(state);
    }

    private ServerDiagnostics found(State state) {
        Map<RedisPurpose, Integer> databases = new EnumMap<>(RedisPurpose.class);
        group.forEach(redisPurpose ->
                databases.put(redisPurpose, settings.endpoint(redisPurpose).database()));
        RedisLogin login = home.login().get();
        return new ServerDiagnostics(
                group,
                databases,
                state,
                home.topology().mode(),
                home.tls(),
                isLocal(home.topology()),
                home.provider() != null || !login.password().isEmpty(),
                home.provider() != null
                        || (!login.user().isEmpty() && !login.user().equals("default")),
                serverInfo,
                snapshots,
                missing,
                wanted,
                excessive,
                pings);
    }

    private State examineNodes(RedisNodes redisNodes) {
        ServerInfoQuery serverInfoQuery =
                new ServerInfoQuery(home.topology() instanceof TopologySettings.Cluster, home.tls());
        State state = State.UP;
        for (HostAndPort master : redisNodes.masters()) {
            try (Connection connection = redisNodes.connect(master)) {
                State one = readServerInfo(HostPort.of(master), connection, serverInfoQuery);
                state = state == State.UP ? one : state;
            }
        }
        if (state == State.UP) {
            String base = application.keyPrefix() + ":{" + URLEncoder.encode(application.name(), StandardCharsets.UTF_8)
                    + ".a}:";
            byte[] key = (base + "s").getBytes(StandardCharsets.UTF_8);
            try (Connection connection = redisNodes.connect(redisNodes.nodeFor(key))) {
                state = tryCommands(connection, base);
            }
        }
        return state;
    }

    private State readServerInfo(HostPort node, Connection connection, ServerInfoQuery serverInfoQuery) {
        List<CommandArguments> commands = new ArrayList<>(serverInfoQuery.commands());
        commands.add(AclProbe.command(Command.PING));
        for (RedisPurpose redisPurpose : group) {
            commands.add(AclProbe.command(
                    Command.SELECT,
                    Integer.toString(settings.endpoint(redisPurpose).database())));
        }
        commands.forEach(connection::sendCommand);
        Instant sent = clock.instant();
        List<Object> replies = connection.getMany(commands.size());
        Instant received = clock.instant();
        ServerInfo seen = serverInfoQuery.parse(
                node, replies, sent.plus(Duration.between(sent, received).dividedBy(2)));
        if (seen != null) {
            serverInfo.add(seen);
        }
        for (Object reply : replies.subList(ServerInfoQuery.SIZE, replies.size())) {
            if (reply instanceof JedisDataException e) {
                return stateBehind(e);
            }
        }
        String role = serverInfoQuery.role(replies.get(0));
        if (role.equals("unknown")) {
            addWanted(home.topology() instanceof TopologySettings.Cluster ? "+cluster|info" : "+role");
        }
        if (seen == null) {
            addWanted("+info");
        }
        return seen != null && seen.loading()
                ? State.LOADING
                : role.equals("down")
                        ? State.CLUSTER_DOWN
                        : role.equals("replica") || (seen != null && seen.role().equals("replica"))
                                ? State.REPLICA
                                : State.UP;
    }

    private void addWanted(String right) {
        if (!wanted.contains(right)) {
            wanted.add(right);
        }
    }

    private State tryCommands(Connection connection, String base) {
        long start = System.nanoTime();
        while (pings.size() < PINGS && System.nanoTime() - start < PING_TIME.toNanos()) {
            long before = System.nanoTime();
            connection.ping();
            pings.add((System.nanoTime() - before) / 1000);
        }
        Object written = send(connection, AclProbe.command(Command.SET, base + "s", "1", "PX", "1000"));
        Object save = send(connection, AclProbe.command(Command.CONFIG, "GET", "save"));
        if (save instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof byte[] rule) {
            snapshots = rule.length > 0;
        }
        AclProbe aclProbe = new AclProbe(connection, home.database(), application.keyPrefix(), base);
        excessive = aclProbe.excessive();
        missing = aclProbe.missing(
                group,
                application.replicas(),
                home.topology() instanceof TopologySettings.Cluster,
                application.keyPrefix() + ":" + application.name() + ":cache");
        if (written instanceof JedisDataException e
                && ExceptionTranslator.replied(e) instanceof RedisUnavailableException fault) {
            return switch (fault.reason()) {
                case DENIED -> State.UP; // reported as a missing right
                case FULL -> State.FULL;
                case BUSY -> State.LOADING;
                default -> State.READ_ONLY;
            };
        }
        return State.UP;
    }

    private static Object send(Connection connection, CommandArguments command) {
        connection.sendCommand(command);
        return connection.getMany(1).get(0);
    }

    private static State stateBehind(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = next(e)) {
            if (e instanceof SSLException) {
                return State.TLS_FAILED;
            }
            if (e instanceof SocketTimeoutException) {
                return String.valueOf(e.getMessage()).contains("onnect") ? State.UNREACHABLE : State.SILENT;
            }
            String message = String.valueOf(e.getMessage());
            if (message.contains("DB index") || message.contains("SELECT is not allowed")) {
                return State.NO_DATABASE;
            }
            if (message.contains("Unknown reply")) {
                return State.TLS_FAILED; // the server expects TLS
            }
            if (message.contains("CLUSTERDOWN") || message.contains("slots list is empty")) {
                return State.CLUSTER_DOWN;
            }
            if (e instanceof JedisException jedis && next(e) == null) {
                return switch (ExceptionTranslator.thrown(jedis).reason()) {
                    case DENIED -> State.DENIED;
                    case BUSY -> State.LOADING;
                    case FULL -> State.FULL;
                    case READ_ONLY -> State.READ_ONLY;
                    case TIMEOUT -> State.SILENT;
                    default -> State.UNREACHABLE;
                };
            }
        }
        return State.UNREACHABLE;
    }

    /**
     * Returns whether the server accepts commands without TLS. Such a server waits for a line end in the TLS handshake, so it
     * would otherwise look silent.
     */
    private boolean answersWithoutTls() {
        if (!(home.topology() instanceof TopologySettings.Standalone server)) {
            return false;
        }
        try (Socket socket = new Socket()) {
            int timeout = (int) settings.connectionTimeout().toMillis();
            socket.connect(
                    new InetSocketAddress(
                            server.address().host(), server.address().port()),
                    timeout);
            socket.setSoTimeout((int) PLAIN_TEXT_TIMEOUT.toMillis());
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            int first = socket.getInputStream().read();
            return first == '+' || first == '-';
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the cause of an exception. Jedis adds the cause of an unreachable cluster as a suppressed exception. */
    private static @Nullable Throwable next(Throwable e) {
        return e.getCause() != null ? e.getCause() : e.getSuppressed().length > 0 ? e.getSuppressed()[0] : null;
    }

    private static boolean isLocal(TopologySettings topologySettings) {
        if (topologySettings instanceof TopologySettings.Cluster cluster) {
            return cluster.nodes().stream().allMatch(ServerDiagnosticsRunner::isLocal);
        }
        return topologySettings instanceof TopologySettings.Sentinel sentinel
                ? sentinel.sentinels().stream().allMatch(ServerDiagnosticsRunner::isLocal)
                : isLocal(((TopologySettings.Standalone) topologySettings).address());
    }

    private static boolean isLocal(HostPort hostPort) {
        String host = hostPort.host();
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }
}
