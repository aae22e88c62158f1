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
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Looks at one server from time to time over a connection of its own, seldom while it is well and often while it is not;
 * what it sees opens and closes the server's circuit breaker. Requests never probe.
 *
 * <p>Commands: {@code PING}, and then at once {@code ROLE} (on a cluster {@code CLUSTER INFO}), {@code INFO}, {@code TIME} and {@code SELECT} of
 * every database in use.
 */
final class Monitor {
    private static final System.Logger LOG = System.getLogger(Monitor.class.getName());
    private static final Duration SOON = Duration.ofMillis(500);
    private static final int FAILURES_BEFORE_REOPENING = 8;

    /** What one look saw. */
    record Sight(
            boolean up,
            String role,
            long latencyMicros,
            @Nullable Reason fault,
            Instant at) {
        static final Sight NONE = new Sight(false, "unknown", 0, Reason.UNREACHABLE, Instant.EPOCH);
    }

    private final String name;
    private final Supplier<Nodes> opener;
    private final Set<Integer> databases;
    private final Survey survey;
    private final RedisSettings settings;
    private final ScheduledExecutorService scheduler;
    private final InstantSource clock;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private @Nullable Server server;
    private @Nullable ScheduledFuture<?> next;
    private int failures;
    private volatile Sight sight = Sight.NONE;

    Monitor(
            String name,
            Supplier<Nodes> opener,
            Set<Integer> databases,
            Survey survey,
            RedisSettings settings,
            ScheduledExecutorService scheduler,
            InstantSource clock) {
        this.name = name;
        this.opener = opener;
        this.databases = databases;
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

    /** Looks again at once, unless that will happen soon anyhow. */
    synchronized void lookSoon() {
        if (next != null && next.getDelay(TimeUnit.MILLISECONDS) > SOON.toMillis() && next.cancel(false)) {
            scheduleIn(Duration.ZERO);
        }
    }

    private synchronized void scheduleIn(Duration delay) {
        if (!scheduler.isShutdown()) {
            next = scheduler.schedule(this::look, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        Server watched = server;
        if (watched == null) {
            return;
        }
        Sight before = sight;
        try {
            sight = lookAt(watched);
        } catch (RuntimeException e) {
            sight = new Sight(false, "unknown", before.latencyMicros(), reason(e), clock.instant());
        }
        Duration delay;
        if (sight.up()) {
            failures = 0;
            watched.breaker().close();
            delay = settings.healthCheckInterval();
        } else {
            failures++;
            watched.breaker().open();
            delay = SOON.plusMillis(ThreadLocalRandom.current().nextInt(250));
        }
        tellChange(before, sight);
        try {
            Nodes nodes = watched.nodes();
            if (sight.up() && nodes != null) {
                survey.askOthers(nodes);
            }
        } finally {
            first.complete(null);
            scheduleIn(delay);
        }
    }

    private Sight lookAt(Server watched) {
        Nodes nodes = watched.nodes();
        if (nodes == null || (failures > 0 && failures % FAILURES_BEFORE_REOPENING == 0)) {
            nodes = opener.get();
            watched.use(nodes); // also what the sentinels or the cluster said is asked anew
        }
        try (Connection connection = nodes.connect()) {
            connection.setSoTimeout((int) settings.deadline().toMillis());
            long start = System.nanoTime();
            ping(connection);
            long latencyMicros = (System.nanoTime() - start) / 1000;
            String role = survey.ask(
                    connection,
                    databases.stream()
                            .map(database -> new CommandArguments(Protocol.Command.SELECT).add(database))
                            .toList());
            Reason fault = role.equals("replica") ? Reason.READ_ONLY : role.equals("down") ? Reason.BUSY : null;
            return new Sight(fault == null, role, latencyMicros, fault, clock.instant());
        }
    }

    private void ping(Connection connection) {
        try {
            connection.ping();
        } catch (JedisDataException e) {
            survey.ask(connection, List.of()); // one that is loading says so there
            throw e;
        }
    }

    private void tellChange(Sight before, Sight now) {
        if (now.up() && !before.up()) {
            LOG.log(System.Logger.Level.INFO, "Redis for {0} is up ({1})", name, now.role());
        } else if (!now.up() && (before.up() || before.at().equals(Instant.EPOCH))) {
            LOG.log(System.Logger.Level.WARNING, "Redis for {0} is not usable: {1}", name, now.fault());
        }
    }

    private static Reason reason(RuntimeException e) {
        if (e instanceof RedisUnavailable unavailable) {
            return unavailable.reason();
        }
        return e instanceof JedisException jedis ? Faults.thrown(jedis).reason() : Reason.UNREACHABLE;
    }
}
