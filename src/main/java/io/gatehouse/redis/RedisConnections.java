package io.gatehouse.redis;

import io.gatehouse.config.GatehouseException;
import io.gatehouse.redis.RedisUnavailable.Reason;
import io.gatehouse.threads.DaemonThreads;
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
    private final Connector connector = new Connector();
    private final Map<Purpose, Shared> byPurpose = new EnumMap<>(Purpose.class);
    private final Set<Listening> listening = ConcurrentHashMap.newKeySet();

    /** One server and the probe that looks at it. */
    private record Shared(Server server, Monitor monitor, Endpoint endpoint, int poolSize) {}

    /**
     * Starts to connect, and waits for the first answers no longer than the connection timeout. Redis need not be there:
     * what is sent before it comes is refused at once.
     */
    public static RedisConnections open(RedisSettings settings, Set<Purpose> purposes, InstantSource clock) {
        RedisConnections connections = begin(settings, purposes, clock, RedisObserver.NONE);
        connections.awaitFirstLook();
        return connections;
    }

    /**
     * The same without waiting, for who has other things to do until {@link #awaitFirstLook}.
     *
     * @param observer told of each exchange
     */
    public static RedisConnections begin(
            RedisSettings settings, Set<Purpose> purposes, InstantSource clock, RedisObserver observer) {
        return new RedisConnections(settings, purposes, clock, observer);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the watchdog runs until the scheduler is shut down
    private RedisConnections(
            RedisSettings settings, Set<Purpose> purposes, InstantSource clock, RedisObserver observer) {
        this.settings = settings;
        this.observer = observer;
        List<List<Purpose>> groups = groups(settings, purposes);
        this.scheduler = new ScheduledThreadPoolExecutor(1 + groups.size(), watching);
        Watchdog watchdog = new Watchdog();
        scheduler.scheduleAtFixedRate(watchdog, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        groups.forEach(group -> {
            Shared shared = share(group, watchdog, clock);
            group.forEach(purpose -> byPurpose.put(purpose, shared));
        });
    }

    private Shared share(List<Purpose> group, Watchdog watchdog, InstantSource clock) {
        Endpoint home = settings.endpoint(group.get(0));
        int poolSize = settings.poolSize() * group.size();
        Inquiry inquiry = new Inquiry(home.topology() instanceof Topology.Cluster, home.tls());
        Survey survey = new Survey(inquiry, connector, watchdog, settings.deadline(), clock, System::nanoTime);
        Set<Integer> databases = group.stream()
                .map(purpose -> settings.endpoint(purpose).database())
                .collect(Collectors.toSet());
        Monitor monitor = new Monitor(
                group.stream().map(Purpose::label).collect(Collectors.joining(", ")),
                () -> Nodes.open(home, settings, poolSize),
                new Probe(databases, inquiry, survey, connector, settings.deadline(), clock),
                survey,
                settings,
                scheduler,
                clock);
        Server server = new Server(
                home.database(), settings.deadline(), connector, watchdog, System::nanoTime, monitor::lookSoon);
        monitor.watch(server);
        return new Shared(server, monitor, home, poolSize);
    }

    /** Purposes in groups that share a server; the first of a group says which database connections come home to. */
    static List<List<Purpose>> groups(RedisSettings settings, Set<Purpose> purposes) {
        List<List<Purpose>> groups = new ArrayList<>();
        for (Purpose purpose : Purpose.values()) {
            if (purposes.contains(purpose)) {
                groups.stream()
                        .filter(group -> settings.endpoint(group.get(0)).sharesServerWith(settings.endpoint(purpose)))
                        .findFirst()
                        .orElseGet(() -> {
                            groups.add(new ArrayList<>());
                            return groups.get(groups.size() - 1);
                        })
                        .add(purpose);
            }
        }
        return groups;
    }

    @Override
    public void send(Flight flight) {
        List<Call<?>> calls = flight.calls();
        if (calls.isEmpty()) {
            return;
        }
        Server server = shared(calls.get(0).purpose()).server();
        List<Command> commands = new ArrayList<>(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            Call<?> call = calls.get(i);
            if (shared(call.purpose()).server() != server) {
                sendToSeveral(flight);
                return;
            }
            commands.add(command(flight, i));
        }
        send(flight, server, commands); // the usual way
    }

    private void sendToSeveral(Flight flight) {
        Map<Server, List<Command>> parts = new LinkedHashMap<>(2);
        for (int i = 0; i < flight.calls().size(); i++) {
            Server server = shared(flight.calls().get(i).purpose()).server();
            parts.computeIfAbsent(server, any -> new ArrayList<>()).add(command(flight, i));
        }
        List<Runnable> exchanges = new ArrayList<>(parts.size());
        parts.forEach((server, commands) -> exchanges.add(() -> send(flight, server, commands)));
        sideBySide(exchanges);
    }

    private Command command(Flight flight, int index) {
        Call<?> call = flight.calls().get(index);
        return new Command(call, settings.endpoint(call.purpose()).database(), flight.reply(index));
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
            return CompletableFuture.runAsync(exchange, connector.executor());
        } catch (RejectedExecutionException e) {
            exchange.run();
            return CompletableFuture.completedFuture(null);
        }
    }

    private void send(Flight flight, Server server, List<Command> commands) {
        long start = System.nanoTime();
        GatehouseException fault = null;
        try {
            Object[] replies = server.exchange(commands, flight.replicas(), flight::confirmed);
            for (int i = 0; i < replies.length; i++) {
                Reply<?> reply = commands.get(i).reply();
                reply.arrived(replies[i]);
                fault = fault == null ? reply.fault() : fault;
            }
        } catch (GatehouseException e) {
            fault = e;
            for (int i = 0; i < commands.size(); i++) {
                commands.get(i).reply().arrived(e);
            }
        }
        tell(commands.get(0).call(), System.nanoTime() - start, fault);
    }

    private void tell(Call<?> first, long nanos, @Nullable GatehouseException fault) {
        try {
            observer.exchanged(first.purpose(), first.operation().name(), nanos, fault);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "an observer of Redis failed", e);
        }
    }

    @Override
    public Subscription subscribe(Purpose purpose, String channel, ChannelListener listener) {
        Server server = shared(purpose).server();
        Listening subscription = new Listening(channel, listener, server::nodes, scheduler, listening::remove);
        listening.add(subscription);
        return subscription.start();
    }

    @Override
    public long unlink(Purpose purpose, byte[] pattern) {
        Shared shared = shared(purpose);
        boolean cluster = shared.endpoint().topology() instanceof Topology.Cluster;
        return new Sweep(shared.server(), settings.endpoint(purpose).database(), pattern, cluster).run();
    }

    @Override
    public RedisHealth health(Purpose purpose) {
        Shared shared = shared(purpose);
        Monitor.Sight sight = shared.monitor().sight();
        Nodes nodes = shared.server().nodes();
        List<Node> used = nodes == null ? List.of() : nodes.used();
        long suspended = used.stream().filter(Node::isSuspended).count();
        boolean allSuspended = suspended > 0 && suspended == used.size();
        return new RedisHealth(
                sight.up() && !allSuspended,
                shared.endpoint().topology().mode(),
                sight.role(),
                sight.latencyMicros(),
                used.stream().mapToInt(node -> node.pool().getNumActive()).sum(),
                used.stream().mapToInt(node -> node.pool().getNumIdle()).sum(),
                used.stream().mapToInt(node -> node.pool().getNumWaiters()).sum(),
                shared.poolSize(),
                suspended > 0 || (!sight.up() && sight.at().isAfter(Instant.EPOCH)) ? "open" : "closed",
                sight.fault() == null && allSuspended ? Reason.SUSPENDED : sight.fault(),
                sight.at());
    }

    @Override
    public List<ServerFacts> facts(Purpose purpose) {
        return shared(purpose).monitor().facts();
    }

    private Shared shared(Purpose purpose) {
        Shared shared = byPurpose.get(purpose);
        if (shared == null) {
            throw new IllegalArgumentException(purpose + " was not opened");
        }
        return shared;
    }

    /** Waits until each server was looked at once, no longer than the time-out to connect. */
    public void awaitFirstLook() {
        Collection<Shared> all = byPurpose.values();
        try {
            CompletableFuture.allOf(all.stream()
                            .map(shared -> shared.monitor().firstLook())
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
        listening.forEach(Listening::end);
        scheduler.shutdownNow();
        connector.close();
        byPurpose.values().forEach(shared -> shared.server().close());
        listening.forEach(Listening::close);
        try {
            boolean unused = watching.awaitEnd(PATIENCE) && connector.awaitEnd(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
