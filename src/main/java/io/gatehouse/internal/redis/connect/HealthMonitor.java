package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.ExceptionTranslator;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.ServerInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Probes one server in the background: at the configured interval while it is healthy, often while it is not, and soon after
 * every failure of a request. The results of the {@link NodeProbe} open and close the circuit breakers of the nodes; requests
 * never probe. Thread-safe.
 */
final class HealthMonitor {
    private static final System.Logger LOG = System.getLogger(HealthMonitor.class.getName());
    /** The time between probes while a node is unhealthy, which limits how long a recovered node stays unused. */
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

    /** The shortest time between the starts of two probes, however many requests fail. */
    private static final Duration MIN_INTERVAL = Duration.ofMillis(100);

    private static final int FAILURES_BEFORE_REOPENING = 16;

    /** The result of one probe. */
    record HealthSnapshot(
            boolean up,
            String role,
            long latencyMicros,
            @Nullable Reason fault,
            Instant at) {
        static final HealthSnapshot NONE = new HealthSnapshot(false, "unknown", 0, Reason.UNREACHABLE, Instant.EPOCH);
    }

    /** The result of one probe and the node that it reached. */
    record ProbeResult(HealthSnapshot snapshot, RedisNodes nodes, HostAndPort node) {}

    private final String name;
    private final Supplier<RedisNodes> opener;
    private final NodeProbe nodeProbe;
    private final ServerInfoCollector serverInfoCollector;
    private final RedisSettings settings;
    private final ScheduledExecutorService scheduler;
    private final InstantSource clock;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private volatile @Nullable RedisExecutor redisExecutor;
    private @Nullable ScheduledFuture<?> next;
    private int failures;
    private long lastProbe;
    private boolean wanted;
    private volatile HealthSnapshot snapshot = HealthSnapshot.NONE;

    HealthMonitor(
            String name,
            Supplier<RedisNodes> opener,
            NodeProbe nodeProbe,
            ServerInfoCollector serverInfoCollector,
            RedisSettings settings,
            ScheduledExecutorService scheduler,
            InstantSource clock) {
        this.name = name;
        this.opener = opener;
        this.nodeProbe = nodeProbe;
        this.serverInfoCollector = serverInfoCollector;
        this.settings = settings;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    synchronized void watch(RedisExecutor watched) {
        redisExecutor = watched;
        scheduleIn(Duration.ZERO);
    }

    /** Returns a future that completes after the first probe, whatever its result. */
    CompletableFuture<Void> firstProbe() {
        return first;
    }

    HealthSnapshot snapshot() {
        return snapshot;
    }

    /** Returns what the servers reported at the last probe; empty if the ACL forbids {@code INFO}. */
    List<ServerInfo> serverInfo() {
        return serverInfoCollector.serverInfo();
    }

    /** Starts a probe at once, or as soon as the shortest time between two probes has passed. */
    synchronized void probeNow() {
        wanted = true;
        if (next != null && next.getDelay(TimeUnit.MILLISECONDS) > MIN_INTERVAL.toMillis() && next.cancel(false)) {
            scheduleIn(untilNextProbeAllowed());
        }
    }

    private Duration untilNextProbeAllowed() {
        Duration left = MIN_INTERVAL.minusNanos(System.nanoTime() - lastProbe);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private synchronized void scheduleIn(Duration delay) {
        if (!scheduler.isShutdown()) {
            next = scheduler.schedule(this::probeAndReschedule, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void scheduleAfter(boolean well) {
        if (wanted && well) {
            scheduleIn(untilNextProbeAllowed()); // a request failed after this probe had started
        } else {
            scheduleIn(
                    well
                            ? settings.healthCheckInterval()
                            : RETRY_INTERVAL.plusMillis(
                                    ThreadLocalRandom.current().nextInt(100)));
        }
    }

    private synchronized void markStarted() {
        wanted = false;
        lastProbe = System.nanoTime();
    }

    private void probeAndReschedule() {
        RedisExecutor watched = redisExecutor;
        if (watched == null) {
            return;
        }
        boolean well = false;
        try {
            markStarted();
            well = probe(watched);
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The health check of Redis for " + name + " failed; it will run again.",
                    e);
        } finally {
            first.complete(null);
            scheduleAfter(well);
        }
    }

    /** Probes the server. Returns whether all of its nodes are healthy. */
    private boolean probe(RedisExecutor watched) {
        HealthSnapshot before = snapshot;
        ProbeResult probeResult = null;
        try {
            RedisNodes redisNodes = nodes(watched);
            probeResult = nodeProbe.probeFirstHealthy(redisNodes, failures);
            snapshot = probeResult.snapshot();
        } catch (RuntimeException e) {
            snapshot = new HealthSnapshot(false, "unknown", before.latencyMicros(), reason(e), clock.instant());
        }
        failures = snapshot.up() ? 0 : failures + 1;
        reportChange(before, snapshot);
        if (probeResult == null) {
            return false;
        }
        boolean suspended = nodeProbe.probeSuspended(probeResult.nodes(), Set.of(probeResult.node()));
        boolean well = snapshot.up() && !suspended;
        if (well) {
            serverInfoCollector.askOthers(probeResult.nodes(), probeResult.node());
        }
        return well;
    }

    private RedisNodes nodes(RedisExecutor watched) {
        RedisNodes redisNodes = watched.nodes();
        if (redisNodes == null || (failures > 0 && failures % FAILURES_BEFORE_REOPENING == 0)) {
            redisNodes = opener.get();
            watched.use(redisNodes); // opening asked the sentinels or the cluster again
        }
        return redisNodes;
    }

    private void reportChange(HealthSnapshot before, HealthSnapshot now) {
        if (scheduler.isShutdown()) {
            return; // closing ends the probe's connection
        }
        if (now.up() && !before.up()) {
            LOG.log(System.Logger.Level.INFO, "Redis for {0} is up ({1})", name, now.role());
        } else if (!now.up() && (before.up() || before.at().equals(Instant.EPOCH))) {
            LOG.log(System.Logger.Level.WARNING, "Redis for {0} is not usable: {1}", name, now.fault());
        }
    }

    /** Returns the reason for which a probe failed. */
    static Reason reason(RuntimeException e) {
        if (e instanceof RedisUnavailableException unavailable) {
            return unavailable.reason();
        }
        return e instanceof JedisException jedis
                ? ExceptionTranslator.thrown(jedis).reason()
                : Reason.UNREACHABLE;
    }
}
