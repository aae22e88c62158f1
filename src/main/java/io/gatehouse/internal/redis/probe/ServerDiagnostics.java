package io.gatehouse.internal.redis.probe;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.ServerInfo;
import io.gatehouse.internal.redis.connect.RedisConnections;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The result of examining one server once over separate connections, for people who set up a server. Contains no user name;
 * only {@link ServerInfo} has an address. Immutable. {@link ServerDiagnosticsRunner} lists the commands.
 *
 * @param purposes the purposes that share the server
 * @param databases the database of each of them
 * @param state whether the server can be used, as far as one connection shows
 * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
 * @param tls whether the connection uses TLS
 * @param local whether all of its addresses are loopback addresses
 * @param password whether a password is configured
 * @param user whether a user other than {@code default} is configured
 * @param serverInfo what each master reports about itself; empty if the ACL forbids {@code INFO}
 * @param snapshots whether the server makes snapshots by itself; null if the ACL forbids {@code CONFIG GET}
 * @param missing the rights that Gatehouse needs and lacks, in ACL syntax
 * @param wanted the rights that Gatehouse lacks and can do without, in ACL syntax
 * @param excessive the dangerous rights that Gatehouse has and does not need, as far as they could be found out
 * @param pingMicros the duration of each of some {@code PING} commands
 */
public record ServerDiagnostics(
        List<RedisPurpose> purposes,
        Map<RedisPurpose, Integer> databases,
        State state,
        String mode,
        boolean tls,
        boolean local,
        boolean password,
        boolean user,
        List<ServerInfo> serverInfo,
        @Nullable Boolean snapshots,
        List<String> missing,
        List<String> wanted,
        List<String> excessive,
        List<Long> pingMicros) {

    /** The state of a server. */
    public enum State {
        UP,
        /** The server accepts no connection. */
        UNREACHABLE,
        /** The server accepts a connection and does not reply in time. */
        SILENT,
        /** The password is missing or wrong, or the user is unknown. */
        DENIED,
        /** The TLS handshake failed, or the certificate is not trusted. */
        TLS_FAILED,
        /** The server is a replica, and a master is needed. */
        REPLICA,
        /** The master refuses writes, because replicas are missing or it cannot write to disk. */
        READ_ONLY,
        /** No memory is left for writes. */
        FULL,
        /** The server is loading its data or busy with a script. */
        LOADING,
        /** The cluster as a whole is down. */
        CLUSTER_DOWN,
        /** The database does not exist. */
        NO_DATABASE
    }

    /**
     * The application for which a server is examined.
     *
     * @param keyPrefix the prefix of all keys of Gatehouse
     * @param name the name of the application below whose keys the probe may write; it removes what it writes
     * @param replicas whether replicas must acknowledge writes
     */
    public record ProbedApplication(String keyPrefix, String name, boolean replicas) {}

    public ServerDiagnostics {
        purposes = List.copyOf(purposes);
        databases = Map.copyOf(databases);
        serverInfo = List.copyOf(serverInfo);
        missing = List.copyOf(missing);
        wanted = List.copyOf(wanted);
        excessive = List.copyOf(excessive);
        pingMicros = List.copyOf(pingMicros);
    }

    /**
     * Examines the servers of some purposes in parallel. Waits at most for the connect timeout plus {@code patience}; a
     * server that takes longer is {@link State#SILENT}.
     */
    public static List<ServerDiagnostics> all(
            RedisSettings settings,
            Set<RedisPurpose> redisPurposes,
            ProbedApplication application,
            Duration patience,
            InstantSource clock) {
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "gatehouse-redis-examine");
            thread.setDaemon(true);
            return thread;
        });
        try {
            long end = System.nanoTime()
                    + settings.connectionTimeout().plus(patience).toNanos();
            List<ServerDiagnosticsRunner> serverDiagnosticsRunners =
                    RedisConnections.groups(settings, redisPurposes).stream()
                            .map(group -> new ServerDiagnosticsRunner(settings, group, application, clock))
                            .toList();
            List<CompletableFuture<ServerDiagnostics>> examinations = serverDiagnosticsRunners.stream()
                    .map(serverDiagnosticsRunner ->
                            CompletableFuture.supplyAsync(serverDiagnosticsRunner::examine, threads))
                    .toList();
            List<ServerDiagnostics> found = new ArrayList<>();
            for (int i = 0; i < examinations.size(); i++) {
                found.add(await(examinations.get(i), serverDiagnosticsRunners.get(i), end - System.nanoTime()));
            }
            return found;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ServerDiagnostics await(
            CompletableFuture<ServerDiagnostics> examination,
            ServerDiagnosticsRunner serverDiagnosticsRunner,
            long nanos) {
        try {
            return examination.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return serverDiagnosticsRunner.only(State.SILENT);
        } catch (TimeoutException | CancellationException e) {
            return serverDiagnosticsRunner.only(State.SILENT);
        } catch (ExecutionException e) {
            return serverDiagnosticsRunner.only(State.UNREACHABLE);
        }
    }
}
