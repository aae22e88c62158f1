package io.gatehouse.redis;

import io.gatehouse.redis.RedisUnavailable.Reason;
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
 * it. What the {@link Probe} sees opens and closes the circuit breakers of the nodes. Requests never probe.
 */
final class Monitor {
    private static final System.Logger LOG = System.getLogger(Monitor.class.getName());
    /** Between looks while something is not well: after this time at most a node that is well again is used. */
    private static final Duration RETRY = Duration.ofMillis(200);

    /** Between the beginnings of two looks at least, however many requests fail. */
    private static final Duration GAP = Duration.ofMillis(100);

    private static final int FAILURES_BEFORE_REOPENING = 16;

    /** What one look saw. */
    record Sight(
            boolean up,
            String role,
            long latencyMicros,
            @Nullable Reason fault,
            Instant at) {
        static final Sight NONE = new Sight(false, "unknown", 0, Reason.UNREACHABLE, Instant.EPOCH);
    }

    /** What one look saw, and where. */
    record Look(Sight sight, Nodes nodes, HostAndPort node) {}

    private final String name;
    private final Supplier<Nodes> opener;
    private final Probe probe;
    private final Survey survey;
    private final RedisSettings settings;
    private final ScheduledExecutorService scheduler;
    private final InstantSource clock;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private volatile @Nullable Server server;
    private @Nullable ScheduledFuture<?> next;
    private int failures;
    private long lastLook;
    private boolean wanted;
    private volatile Sight sight = Sight.NONE;

    Monitor(
            String name,
            Supplier<Nodes> opener,
            Probe probe,
            Survey survey,
            RedisSettings settings,
            ScheduledExecutorService scheduler,
            InstantSource clock) {
        this.name = name;
        this.opener = opener;
        this.probe = probe;
        this.survey = survey;
        this.settings = settings;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    synchronized void watch(Server watched) {
        server = watched;
        scheduleIn(Duration.ZERO);
    }

    /** Completes with the first look, whatever it sees. */
    CompletableFuture<Void> firstLook() {
        return first;
    }

    Sight sight() {
        return sight;
    }

    /** What the servers said about themselves, empty where we may not ask. */
    List<ServerFacts> facts() {
        return survey.facts();
    }

    /** Looks again at once, or a moment after the last look began. */
    synchronized void lookSoon() {
        wanted = true;
        if (next != null && next.getDelay(TimeUnit.MILLISECONDS) > GAP.toMillis() && next.cancel(false)) {
            scheduleIn(untilGapIsOver());
        }
    }

    private Duration untilGapIsOver() {
        Duration left = GAP.minusNanos(System.nanoTime() - lastLook);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private synchronized void scheduleIn(Duration delay) {
        if (!scheduler.isShutdown()) {
            next = scheduler.schedule(this::lookAndGoOn, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void scheduleAfter(boolean well) {
        if (wanted && well) {
            scheduleIn(untilGapIsOver()); // a failure came after this look had begun
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

    private void lookAndGoOn() {
        Server watched = server;
        if (watched == null) {
            return;
        }
        boolean well = false;
        try {
            begin();
            well = look(watched);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "The health check of Redis for " + name + " failed; it goes on", e);
        } finally {
            first.complete(null);
            scheduleAfter(well);
        }
    }

    /** Whether all nodes are well. */
    private boolean look(Server watched) {
        Sight before = sight;
        Look look = null;
        try {
            Nodes nodes = nodes(watched);
            look = probe.look(nodes, failures);
            sight = look.sight();
        } catch (RuntimeException e) {
            sight = new Sight(false, "unknown", before.latencyMicros(), reason(e), clock.instant());
        }
        failures = sight.up() ? 0 : failures + 1;
        reportChange(before, sight);
        if (look == null) {
            return false;
        }
        boolean suspended = probe.probeSuspended(look.nodes(), Set.of(look.node()));
        boolean well = sight.up() && !suspended;
        if (well) {
            survey.askOthers(look.nodes(), look.node());
        }
        return well;
    }

    private Nodes nodes(Server watched) {
        Nodes nodes = watched.nodes();
        if (nodes == null || (failures > 0 && failures % FAILURES_BEFORE_REOPENING == 0)) {
            nodes = opener.get();
            watched.use(nodes); // the sentinels or the cluster are asked again, too
        }
        return nodes;
    }

    private void reportChange(Sight before, Sight now) {
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
        if (e instanceof RedisUnavailable unavailable) {
            return unavailable.reason();
        }
        return e instanceof JedisException jedis ? Faults.thrown(jedis).reason() : Reason.UNREACHABLE;
    }
}
