package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.ChannelListener;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisHealth;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.ServerInfo;
import io.gatehouse.internal.redis.Subscription;
import io.gatehouse.internal.redis.TopologySettings;
import io.gatehouse.internal.threads.DaemonThreads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;

/**
 * All connections of one application to Redis. Purposes on the same server share its connections, its circuit breakers and
 * its health monitor, and their calls share round trips. Thread-safe.
 */
public final class RedisConnections implements Redis, AutoCloseable {
    private static final long WATCHDOG_INTERVAL_MILLIS = 50;
    private static final int KEYS_PER_SCAN = 1000;
    private static final long LOGIN_INTERVAL_MILLIS = 1000;
    private static final Duration THREAD_END_TIMEOUT = Duration.ofSeconds(1);

    private final RedisSettings settings;
    private final RedisObserver observer;
    private final PipelineSender sender;
    private final DaemonThreads threads = new DaemonThreads("gatehouse-redis-watch");
    private final ScheduledExecutorService scheduler;
    private final ConnectionBorrower connectionBorrower = new ConnectionBorrower();
    private final Map<RedisPurpose, ServerGroup> byPurpose = new EnumMap<>(RedisPurpose.class);
    private final Set<ChannelSubscription> subscriptions = ConcurrentHashMap.newKeySet();

    /** One server, its health monitor, and the settings of its connections. */
    private record ServerGroup(RedisExecutor server, HealthMonitor monitor, RedisEndpoint endpoint, int poolSize) {}

    /**
     * Starts to connect and waits for the first probes, at most for the connect timeout. Redis may be unavailable: calls fail
     * at once until it is reachable.
     */
    public static RedisConnections open(RedisSettings settings, Set<RedisPurpose> redisPurposes, InstantSource clock) {
        RedisConnections connections = openInBackground(settings, redisPurposes, clock, RedisObserver.NONE);
        connections.awaitFirstProbe();
        return connections;
    }

    /**
     * Starts to connect and returns at once; {@link #awaitFirstProbe} waits for the first probes.
     *
     * @param observer notified of each exchange
     */
    public static RedisConnections openInBackground(
            RedisSettings settings, Set<RedisPurpose> redisPurposes, InstantSource clock, RedisObserver observer) {
        return new RedisConnections(settings, redisPurposes, clock, observer);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the watchdog runs until the scheduler is shut down
    private RedisConnections(
            RedisSettings settings, Set<RedisPurpose> redisPurposes, InstantSource clock, RedisObserver observer) {
        this.settings = settings;
        this.observer = observer;
        this.sender = new PipelineSender(
                settings, redisPurpose -> shared(redisPurpose).server(), connectionBorrower.executor(), observer);
        List<List<RedisPurpose>> groups = groups(settings, redisPurposes);
        this.scheduler = new ScheduledThreadPoolExecutor(1 + groups.size(), threads);
        DeadlineWatchdog deadlineWatchdog = new DeadlineWatchdog();
        scheduler.scheduleAtFixedRate(
                deadlineWatchdog, WATCHDOG_INTERVAL_MILLIS, WATCHDOG_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        groups.forEach(group -> {
            ServerGroup shared = share(group, deadlineWatchdog, clock);
            group.forEach(redisPurpose -> byPurpose.put(redisPurpose, shared));
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // logins are refreshed until the scheduler is shut down
    private ServerGroup share(List<RedisPurpose> group, DeadlineWatchdog deadlineWatchdog, InstantSource clock) {
        RedisEndpoint home = settings.endpoint(group.get(0));
        int poolSize = settings.poolSize() * group.size();
        ServerInfoQuery serverInfoQuery =
                new ServerInfoQuery(home.topology() instanceof TopologySettings.Cluster, home.tls());
        ServerInfoCollector serverInfoCollector = new ServerInfoCollector(
                serverInfoQuery, connectionBorrower, deadlineWatchdog, settings.deadline(), clock, System::nanoTime);
        Set<Integer> databases = group.stream()
                .map(redisPurpose -> settings.endpoint(redisPurpose).database())
                .collect(Collectors.toSet());
        String name = group.stream().map(RedisPurpose::label).collect(Collectors.joining(", "));
        LoginSource loginSource =
                new LoginSource(name, home, clock, connectionBorrower.executor(), settings.connectionTimeout());
        scheduler.scheduleWithFixedDelay(
                loginSource::refresh, LOGIN_INTERVAL_MILLIS, LOGIN_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        HealthMonitor healthMonitor = new HealthMonitor(
                name,
                () -> RedisNodes.open(home, settings, poolSize, loginSource),
                new NodeProbe(
                        databases,
                        serverInfoQuery,
                        serverInfoCollector,
                        connectionBorrower,
                        settings.deadline(),
                        clock),
                serverInfoCollector,
                settings,
                scheduler,
                clock);
        RedisExecutor redisExecutor = new RedisExecutor(
                home.database(),
                settings.deadline(),
                connectionBorrower,
                deadlineWatchdog,
                System::nanoTime,
                healthMonitor::probeNow);
        healthMonitor.watch(redisExecutor);
        return new ServerGroup(redisExecutor, healthMonitor, home, poolSize);
    }

    /**
     * Returns the purposes in groups that share a server. The database of a group's first purpose is its home database, which
     * pooled connections have selected.
     */
    public static List<List<RedisPurpose>> groups(RedisSettings settings, Set<RedisPurpose> redisPurposes) {
        List<List<RedisPurpose>> groups = new ArrayList<>();
        for (RedisPurpose redisPurpose : RedisPurpose.values()) {
            if (redisPurposes.contains(redisPurpose)) {
                groups.stream()
                        .filter(group ->
                                settings.endpoint(group.get(0)).sharesServerWith(settings.endpoint(redisPurpose)))
                        .findFirst()
                        .orElseGet(() -> {
                            groups.add(new ArrayList<>());
                            return groups.get(groups.size() - 1);
                        })
                        .add(redisPurpose);
            }
        }
        return groups;
    }

    @Override
    public void send(Pipeline pipeline) {
        sender.send(pipeline);
    }

    /**
     * Returns the way for the application's own commands to the server of a purpose.
     *
     * @throws IllegalArgumentException if the purpose was not opened
     */
    public ApplicationCommands applicationCommands(RedisPurpose redisPurpose) {
        ServerGroup shared = shared(redisPurpose);
        return new ApplicationCommands(
                redisPurpose,
                shared.server(),
                settings.endpoint(redisPurpose).database(),
                shared.endpoint().topology() instanceof TopologySettings.Cluster,
                settings.deadline(),
                observer,
                settings.poolSize());
    }

    @Override
    public Subscription subscribe(RedisPurpose redisPurpose, String channel, ChannelListener listener) {
        RedisExecutor redisExecutor = shared(redisPurpose).server();
        ChannelSubscription subscription =
                new ChannelSubscription(channel, listener, redisExecutor::nodes, scheduler, subscriptions::remove);
        subscriptions.add(subscription);
        return subscription.start();
    }

    @Override
    public long deleteByPattern(RedisPurpose redisPurpose, byte[] pattern) {
        ServerGroup shared = shared(redisPurpose);
        boolean cluster = shared.endpoint().topology() instanceof TopologySettings.Cluster;
        return new PatternDeleter(
                        shared.server(), settings.endpoint(redisPurpose).database(), pattern, cluster)
                .run();
    }

    @Override
    public void scan(RedisPurpose redisPurpose, byte[] pattern, Predicate<List<byte[]>> reader) {
        RedisExecutor redisExecutor = shared(redisPurpose).server();
        int database = settings.endpoint(redisPurpose).database();
        for (HostAndPort master : redisExecutor.masters(false)) {
            ScanPage page = new ScanPage(ScanPage.START, List.of());
            do {
                CommandArguments scan = ScanPage.command(page.cursor(), pattern, KEYS_PER_SCAN);
                page = ScanPage.read(redisExecutor.executeOn(master, database, List.of(scan))[0]);
                if (!reader.test(page.keys())) {
                    return;
                }
            } while (!page.isLast());
        }
    }

    @Override
    public RedisHealth health(RedisPurpose redisPurpose) {
        ServerGroup shared = shared(redisPurpose);
        HealthMonitor.HealthSnapshot healthSnapshot = shared.monitor().snapshot();
        RedisNodes redisNodes = shared.server().nodes();
        List<RedisNode> used = redisNodes == null ? List.of() : redisNodes.used();
        long suspended = used.stream().filter(RedisNode::isSuspended).count();
        boolean allSuspended = suspended > 0 && suspended == used.size();
        return new RedisHealth(
                healthSnapshot.up() && !allSuspended,
                shared.endpoint().topology().mode(),
                healthSnapshot.role(),
                healthSnapshot.latencyMicros(),
                used.stream()
                        .mapToInt(redisNode -> redisNode.pool().getNumActive())
                        .sum(),
                used.stream()
                        .mapToInt(redisNode -> redisNode.pool().getNumIdle())
                        .sum(),
                used.stream()
                        .mapToInt(redisNode -> redisNode.pool().getNumWaiters())
                        .sum(),
                shared.poolSize(),
                suspended > 0 || (!healthSnapshot.up() && healthSnapshot.at().isAfter(Instant.EPOCH))
                        ? "open"
                        : "closed",
                healthSnapshot.fault() == null && allSuspended ? Reason.SUSPENDED : healthSnapshot.fault(),
                healthSnapshot.at());
    }

    @Override
    public List<ServerInfo> serverInfo(RedisPurpose redisPurpose) {
        return shared(redisPurpose).monitor().serverInfo();
    }

    private ServerGroup shared(RedisPurpose redisPurpose) {
        ServerGroup shared = byPurpose.get(redisPurpose);
        if (shared == null) {
            throw new IllegalArgumentException(redisPurpose + " was not opened");
        }
        return shared;
    }

    /** Waits until each server was probed once, at most for the connect timeout. */
    public void awaitFirstProbe() {
        Collection<ServerGroup> all = byPurpose.values();
        try {
            CompletableFuture.allOf(all.stream()
                            .map(shared -> shared.monitor().firstProbe())
                            .toArray(CompletableFuture[]::new))
                    .get(settings.connectionTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // connecting continues in the background
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Rejects further calls, closes the connections and waits for the threads, at most one second for each kind. */
    @Override
    public void close() {
        subscriptions.forEach(ChannelSubscription::requestClose);
        scheduler.shutdownNow();
        connectionBorrower.close();
        byPurpose.values().forEach(shared -> shared.server().close());
        subscriptions.forEach(ChannelSubscription::close);
        try {
            boolean unused = threads.awaitEnd(THREAD_END_TIMEOUT) && connectionBorrower.awaitEnd(THREAD_END_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
