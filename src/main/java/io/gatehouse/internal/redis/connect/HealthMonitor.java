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
 * Looks at one server from time to time, seldom while it is well and often while it is not; every failure of a request wakes
 * it. What the {@link NodeProbe} sees opens and closes the circuit breakers of the nodes. Requests never probe.
 */
final class HealthMonitor {
    private static final System.Logger LOG = System.getLogger(HealthMonitor.class.getName());
    /** Between looks while something is not well: after this time at most a node that is well again is used. */
    private static final Duration RETRY = Duration.ofMillis(200);

    /** Between the beginnings of two looks at least, however many requests fail. */
    private static final Duration GAP = Duration.ofMillis(100);

    private static final int FAILURES_BEFORE_REOPENING = 16;

    /** What one look saw. */
    record HealthSnapshot(
            boolean up,
            String role,
            long latencyMicros,
            @Nullable Reason fault,
            Instant at) {
        static final HealthSnapshot NONE = new HealthSnapshot(false, "unknown", 0, Reason.UNREACHABLE, Instant.EPOCH);
    }

    /** What one look saw, and where. */
    record ProbeResult(HealthSnapshot sight, RedisNodes nodes, HostAndPort node) {}

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
    private long lastLook;
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

    /** Completes with the first look, whatever it sees. */
    CompletableFuture<Void> firstProbe() {
        return first;
    }

    HealthSnapshot snapshot() {
        return snapshot;
    }

    /** What the servers said about themselves, empty where we may not ask. */
    List<ServerInfo> facts() {
        return serverInfoCollector.facts();
    }

    /** Looks again at once, or a moment after the last look began. */
    synchronized void probeNow() {
        wanted = true;
        if (next != null && next.getDelay(TimeUnit.MILLISECONDS) > GAP.toMillis() && next.cancel(false)) {
            scheduleIn(untilNextProbeAllowed());
        }
    }

    private Duration untilNextProbeAllowed() {
        Duration left = GAP.minusNanos(System.nanoTime() - lastLook);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private synchronized void scheduleIn(Duration delay) {
        if (!scheduler.isShutdown()) {
            next = scheduler.schedule(this::probeAndReschedule, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void scheduleAfter(boolean well) {
        if (wanted && well) {
            scheduleIn(untilNextProbeAllowed()); // a failure came after this look had begun
        } else {
            scheduleIn(
                    well
                            ? settings.healthCheckInterval()
                            : RETRY.plusMillis(ThreadLocalRandom.current().nextInt(100)));
        }
    }

    private synchronized void begin() {
        wanted = false;
        lastLook = System.nanoTime();
    }

    private void probeAndReschedule() {
        RedisExecutor watched = redisExecutor;
        if (watched == null) {
            return;
        }
        boolean well = false;
        try {
            begin();
            well = probe(watched);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "The health check of Redis for " + name + " failed; it goes on", e);
        } finally {
            first.complete(null);
            scheduleAfter(well);
        }
    }

    /** Whether all nodes are well. */
    private boolean probe(RedisExecutor watched) {
        HealthSnapshot before = snapshot;
        ProbeResult probeResult = null;
        try {
            RedisNodes redisNodes = nodes(watched);
            probeResult = nodeProbe.look(redisNodes, failures);
            snapshot = probeResult.sight();
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
            watched.use(redisNodes); // the sentinels or the cluster are asked again, too
        }
        return redisNodes;
    }

    private void reportChange(HealthSnapshot before, HealthSnapshot now) {
        if (scheduler.isShutdown()) {
            return; // closing cuts the connection
        }
        if (now.up() && !before.up()) {
            LOG.log(System.Logger.Level.INFO, "Redis for {0} is up ({1})", name, now.role());
        } else if (!now.up() && (before.up() || before.at().equals(Instant.EPOCH))) {
            LOG.log(System.Logger.Level.WARNING, "Redis for {0} is not usable: {1}", name, now.fault());
        }
    }

    /** Why a look failed. */
    static Reason reason(RuntimeException e) {
        if (e instanceof RedisUnavailableException unavailable) {
            return unavailable.reason();
        }
        return e instanceof JedisException jedis
                ? ExceptionTranslator.thrown(jedis).reason()
                : Reason.UNREACHABLE;
    }
}
