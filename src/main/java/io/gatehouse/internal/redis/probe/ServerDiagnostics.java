package io.gatehouse.internal.redis.probe;

import io.gatehouse.internal.redis.RedisPurpose;
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
 * What a close look at one server has found, made once over connections of its own, for people who set a server up. Names no
 * host and no user. Immutable; the commands are those of {@link ServerDiagnosticsRunner}.
 *
 * @param redisPurposes that share the server
 * @param databases where each of them is
 * @param state whether it can be worked with, as far as one connection shows
 * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
 * @param tls whether we talk to it over TLS
 * @param local whether all of its addresses are this machine's own
 * @param password whether we show a password
 * @param user whether we come as a user other than the default one
 * @param facts what it says about itself, for each master; empty if it does not
 * @param snapshots whether it makes snapshots by itself; null if we may not ask
 * @param missing rights that Gatehouse needs and has not, as an ACL spells them
 * @param wanted the same for rights that it could do without
 * @param excessive dangerous rights that it has and does not need, as far as could be found out
 * @param pingMicros how long each of some {@code PING} took
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
        List<ServerInfo> facts,
        @Nullable Boolean snapshots,
        List<String> missing,
        List<String> wanted,
        List<String> excessive,
        List<Long> pingMicros) {

    /** Whether a server can be worked with. */
    public enum State {
        UP,
        /** No connection. */
        UNREACHABLE,
        /** A connection, but no answer in time. */
        SILENT,
        /** No password, a wrong one, or an unknown user. */
        DENIED,
        /** No agreement on TLS, or a certificate that is not to be trusted. */
        TLS_FAILED,
        /** A replica, where a master is wanted. */
        REPLICA,
        /** A master that refuses writes: without its replicas, or without its disk. */
        READ_ONLY,
        /** No memory left to write. */
        FULL,
        /** Loading its data, or busy with a script. */
        LOADING,
        /** A cluster that does not work as a whole. */
        CLUSTER_DOWN,
        /** The database does not exist. */
        NO_DATABASE
    }

    /**
     * Who asks.
     *
     * @param keyPrefix what all our keys start with
     * @param application whose keys may be written; they are removed again
     * @param replicas whether replicas are to confirm
     */
    public record Examinee(String keyPrefix, String application, boolean replicas) {}

    public ServerDiagnostics {
        purposes = List.copyOf(purposes);
        databases = Map.copyOf(databases);
        facts = List.copyOf(facts);
        missing = List.copyOf(missing);
        wanted = List.copyOf(wanted);
        excessive = List.copyOf(excessive);
        pingMicros = List.copyOf(pingMicros);
    }

    /**
     * Looks at the servers of some purposes, at all of them at once, and waits no longer than the time-out to connect and
     * {@code patience}; a server that takes longer is silent.
     */
    public static List<ServerDiagnostics> all(
            RedisSettings settings,
            Set<RedisPurpose> redisPurposes,
            Examinee us,
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
                            .map(group -> new ServerDiagnosticsRunner(settings, group, us, clock))
                            .toList();
            List<CompletableFuture<ServerDiagnostics>> looks = serverDiagnosticsRunners.stream()
                    .map(serverDiagnosticsRunner ->
                            CompletableFuture.supplyAsync(serverDiagnosticsRunner::examine, threads))
                    .toList();
            List<ServerDiagnostics> found = new ArrayList<>();
            for (int i = 0; i < looks.size(); i++) {
                found.add(await(looks.get(i), serverDiagnosticsRunners.get(i), end - System.nanoTime()));
            }
            return found;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ServerDiagnostics await(
            CompletableFuture<ServerDiagnostics> look, ServerDiagnosticsRunner serverDiagnosticsRunner, long nanos) {
        try {
            return look.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
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
