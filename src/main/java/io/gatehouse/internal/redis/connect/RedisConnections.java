package io.gatehouse.internal.redis.connect;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.redis.ChannelListener;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisHealth;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.Response;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one application. Purposes on the same server share its connections, its breaker and its health probe,
 * and their calls travel together.
 */
public final class RedisConnections implements Redis, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RedisConnections.class.getName());
    private static final long WATCH_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final RedisSettings settings;
    private final RedisObserver observer;
    private final DaemonThreads watching = new DaemonThreads("gatehouse-redis-watch");
    private final ScheduledExecutorService scheduler;
    private final ConnectionBorrower connectionBorrower = new ConnectionBorrower();
    private final Map<RedisPurpose, Shared> byRedisPurpose = new EnumMap<>(RedisPurpose.class);
    private final Set<ChannelSubscription> channelSubscription = ConcurrentHashMap.newKeySet();

    /** One server and the probe that looks at it. */
    private record Shared(RedisExecutor server, HealthMonitor monitor, RedisEndpoint endpoint, int poolSize) {}

    /**
     * Starts to connect, and waits for the first answers no longer than the connection timeout. Redis need not be there:
     * what is sent before it comes is refused at once.
     */
    public static RedisConnections open(RedisSettings settings, Set<RedisPurpose> redisPurposes, InstantSource clock) {
        RedisConnections connections = begin(settings, redisPurposes, clock, RedisObserver.NONE);
        connections.awaitFirstProbe();
        return connections;
    }

    /**
     * The same without waiting, for who has other things to do until {@link #awaitFirstProbe}.
     *
     * @param observer told of each exchange
     */
    public static RedisConnections begin(
            RedisSettings settings, Set<RedisPurpose> redisPurposes, InstantSource clock, RedisObserver observer) {
        return new RedisConnections(settings, redisPurposes, clock, observer);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the watchdog runs until the scheduler is shut down
    private RedisConnections(
            RedisSettings settings, Set<RedisPurpose> redisPurposes, InstantSource clock, RedisObserver observer) {
        this.settings = settings;
        this.observer = observer;
        List<List<RedisPurpose>> groups = groups(settings, redisPurposes);
        this.scheduler = new ScheduledThreadPoolExecutor(1 + groups.size(), watching);
        DeadlineWatchdog deadlineWatchdog = new DeadlineWatchdog();
        scheduler.scheduleAtFixedRate(deadlineWatchdog, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        groups.forEach(group -> {
            Shared shared = share(group, deadlineWatchdog, clock);
            group.forEach(redisPurpose -> byRedisPurpose.put(redisPurpose, shared));
        });
    }

    private Shared share(List<RedisPurpose> group, DeadlineWatchdog deadlineWatchdog, InstantSource clock) {
        RedisEndpoint home = settings.endpoint(group.get(0));
        int poolSize = settings.poolSize() * group.size();
        ServerInfoQuery serverInfoQuery =
                new ServerInfoQuery(home.topology() instanceof TopologySettings.Cluster, home.tls());
        ServerInfoCollector serverInfoCollector = new ServerInfoCollector(
                serverInfoQuery, connectionBorrower, deadlineWatchdog, settings.deadline(), clock, System::nanoTime);
        Set<Integer> databases = group.stream()
                .map(redisPurpose -> settings.endpoint(redisPurpose).database())
                .collect(Collectors.toSet());
        HealthMonitor healthMonitor = new HealthMonitor(
                group.stream().map(RedisPurpose::label).collect(Collectors.joining(", ")),
                () -> RedisNodes.open(home, settings, poolSize),
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
        return new Shared(redisExecutor, healthMonitor, home, poolSize);
    }

    /** Purposes in groups that share a server; the first of a group says which database connections come home to. */
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
        List<RedisCall<?>> redisCalls = pipeline.calls();
        if (redisCalls.isEmpty()) {
            return;
        }
        RedisExecutor redisExecutor = shared(redisCalls.get(0).purpose()).server();
        List<RoutedCall> routedCalls = new ArrayList<>(redisCalls.size());
        for (int i = 0; i < redisCalls.size(); i++) {
            RedisCall<?> redisCall = redisCalls.get(i);
            if (shared(redisCall.purpose()).server() != redisExecutor) {
                sendToSeveral(pipeline);
                return;
            }
            routedCalls.add(command(pipeline, i));
        }
        send(pipeline, redisExecutor, routedCalls); // the usual way
    }

    private void sendToSeveral(Pipeline pipeline) {
        Map<RedisExecutor, List<RoutedCall>> parts = new LinkedHashMap<>(2);
        for (int i = 0; i < pipeline.calls().size(); i++) {
            RedisExecutor redisExecutor =
                    shared(pipeline.calls().get(i).purpose()).server();
            parts.computeIfAbsent(redisExecutor, any -> new ArrayList<>()).add(command(pipeline, i));
        }
        List<Runnable> exchanges = new ArrayList<>(parts.size());
        parts.forEach((redisExecutor, routedCalls) -> exchanges.add(() -> send(pipeline, redisExecutor, routedCalls)));
        sideBySide(exchanges);
    }

    private RoutedCall command(Pipeline pipeline, int index) {
        RedisCall<?> redisCall = pipeline.calls().get(index);
        return new RoutedCall(redisCall, settings.endpoint(redisCall.purpose()).database(), pipeline.reply(index));
    }

    /** The last one on this thread. */
    private void sideBySide(List<Runnable> exchanges) {
        int last = exchanges.size() - 1;
        CompletableFuture<?>[] others =
                exchanges.subList(0, last).stream().map(this::start).toArray(CompletableFuture[]::new);
        exchanges.get(last).run();
        CompletableFuture.allOf(others).join();
    }

    private CompletableFuture<Void> start(Runnable exchange) {
        try {
            return CompletableFuture.runAsync(exchange, connectionBorrower.executor());
        } catch (RejectedExecutionException e) {
            exchange.run();
            return CompletableFuture.completedFuture(null);
        }
    }

    private void send(Pipeline pipeline, RedisExecutor redisExecutor, List<RoutedCall> routedCalls) {
        long start = System.nanoTime();
        GatehouseException fault = null;
        try {
            Object[] replies =
                    redisExecutor.execute(routedCalls, pipeline.replicas(), pipeline::replicasAcknowledgedBy);
            for (int i = 0; i < replies.length; i++) {
                Response<?> response = routedCalls.get(i).reply();
                response.complete(replies[i]);
                fault = fault == null ? response.fault() : fault;
            }
        } catch (GatehouseException e) {
            fault = e;
            for (int i = 0; i < routedCalls.size(); i++) {
                routedCalls.get(i).reply().complete(e);
            }
        }
        tell(routedCalls.get(0).call(), System.nanoTime() - start, fault);
    }

    private void tell(RedisCall<?> first, long nanos, @Nullable GatehouseException fault) {
        try {
            observer.exchanged(first.purpose(), first.operation().name(), nanos, fault);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "an observer of Redis failed", e);
        }
    }

    @Override
    public Subscription subscribe(RedisPurpose redisPurpose, String channel, ChannelListener listener) {
        RedisExecutor redisExecutor = shared(redisPurpose).server();
        ChannelSubscription subscription = new ChannelSubscription(
                channel, listener, redisExecutor::nodes, scheduler, channelSubscription::remove);
        channelSubscription.add(subscription);
        return subscription.start();
    }

    @Override
    public long deleteByPattern(RedisPurpose redisPurpose, byte[] pattern) {
        Shared shared = shared(redisPurpose);
        boolean cluster = shared.endpoint().topology() instanceof TopologySettings.Cluster;
        return new PatternDeleter(
                        shared.server(), settings.endpoint(redisPurpose).database(), pattern, cluster)
                .run();
    }

    @Override
    public RedisHealth health(RedisPurpose redisPurpose) {
        Shared shared = shared(redisPurpose);
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
    public List<ServerInfo> facts(RedisPurpose redisPurpose) {
        return shared(redisPurpose).monitor().facts();
    }

    private Shared shared(RedisPurpose redisPurpose) {
        Shared shared = byRedisPurpose.get(redisPurpose);
        if (shared == null) {
            throw new IllegalArgumentException(redisPurpose + " was not opened");
        }
        return shared;
    }

    /** Waits until each server was looked at once, no longer than the time-out to connect. */
    public void awaitFirstProbe() {
        Collection<Shared> all = byRedisPurpose.values();
        try {
            CompletableFuture.allOf(all.stream()
                            .map(shared -> shared.monitor().firstProbe())
                            .toArray(CompletableFuture[]::new))
                    .get(settings.connectionTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // it goes on in the background
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Refuses what is sent from now on, cuts the connections and waits for its threads, at most a second each. */
    @Override
    public void close() {
        channelSubscription.forEach(ChannelSubscription::end);
        scheduler.shutdownNow();
        connectionBorrower.close();
        byRedisPurpose.values().forEach(shared -> shared.server().close());
        channelSubscription.forEach(ChannelSubscription::close);
        try {
            boolean unused = watching.awaitEnd(PATIENCE) && connectionBorrower.awaitEnd(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
