package io.gatehouse.internal.wiring;

import io.gatehouse.Gatehouse;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.internal.health.HealthReport;
import io.gatehouse.internal.login.DefaultLoginGuard;
import io.gatehouse.internal.ratelimit.DefaultRateLimiter;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.rules.RuleFileWatcher;
import io.gatehouse.internal.rules.RuleSource;
import io.gatehouse.internal.schedule.FallbackTicker;
import io.gatehouse.internal.schedule.TaskExecutor;
import io.gatehouse.internal.schedule.TaskSchedule;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.session.SessionManager;
import io.gatehouse.warmup.Warmer;
import io.gatehouse.internal.web.RequestFilter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Gatehouse in one application, from its start by {@link GatehouseStarter} to its end. Thread-safe. */
public final class GatehouseRuntime implements Gatehouse {
    private static final System.Logger LOG = System.getLogger(GatehouseRuntime.class.getName());
    /** While another is away, limits are kept by each node alone. */
    private static final Set<RedisPurpose> REQUIRED = Set.of(RedisPurpose.SESSIONS);

    private static final Duration TO_STOP = Duration.ofSeconds(5);

    private static final Map<ClassLoader, GatehouseRuntime> RUNNING = new ConcurrentHashMap<>();

    private final Container container;
    private final Components components;
    private final @Nullable CacheRuntime cacheRuntime;
    private final MetricsSetup metricsSetup;
    private final HealthReport health;
    private final TaskSchedule taskSchedule;
    private final TaskExecutor taskExecutor;
    private final RateLimiter rateLimiter;
    private final LoginGuard loginGuard;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable RequestFilter filter;
    private @Nullable FallbackTicker fallbackTicker;
    private @Nullable RuleFileWatcher ruleFileWatcher;
    private @Nullable UseNotes useNotes;

    GatehouseRuntime(
            Container container,
            Components components,
            TaskExecutor taskExecutor,
            @Nullable CacheRuntime cacheRuntime,
            MetricsSetup metricsSetup) {
        this.container = container;
        this.taskExecutor = taskExecutor;
        this.components = components;
        this.cacheRuntime = cacheRuntime;
        this.metricsSetup = metricsSetup;
        this.rateLimiter = new DefaultRateLimiter(components.limiter());
        this.loginGuard = new DefaultLoginGuard(components.guard(), components.addresses());
        Settings settings = components.settings();
        this.health = new HealthReport(
                settings.session().application(),
                components.redis(),
                components.purposes(),
                REQUIRED,
                settings.health().readiness(),
                () -> cacheRuntime == null || cacheRuntime.isWarm(),
                () -> Optional.ofNullable(cacheRuntime)
                        .map(open -> components.operator().cache().nodeStatistics()),
                () -> Optional.ofNullable(cacheRuntime).map(CacheRuntime::runs));
        this.taskSchedule = new TaskSchedule(System::nanoTime)
                .every(settings.cleanup(), "session clean-up", this::removeExpiredSessions)
                .every(LimitEngine.NODE_INTERVAL, "counting the nodes", components.limiter()::heartbeat);
        if (cacheRuntime != null) {
            cacheRuntime.schedule(taskSchedule, settings.warmEvery());
        }
        metricsSetup.watch(components, taskSchedule);
    }

    /** Runs from now on behind a filter; answers requests, and runs what the timetable says as soon as {@link #begin} is called. */
    void open(RequestFilter guarding) {
        filter = guarding;
        RUNNING.put(container.applicationLoader(), this);
        taskSchedule.open();
    }

    /** Starts what needs the beans and names of the application. */
    void begin() {
        if (cacheRuntime != null) {
            cacheRuntime.begin();
        }
        metricsSetup.begin();
        RuleSource ruleSource = components.settings().limits().rules();
        ruleFileWatcher = ruleSource.isFile() ? RuleFileWatcher.start(ruleSource, container.applicationLoader()) : null;
        fallbackTicker = new FallbackTicker(taskSchedule);
        useNotes = new UseNotes(sessions());
    }

    /** Returns Gatehouse of the application whose code runs in this thread, or empty if it is disabled there. */
    public static Optional<GatehouseRuntime> current() {
        GatehouseRuntime found = RUNNING.get(Thread.currentThread().getContextClassLoader());
        return found == null && RUNNING.size() == 1
                ? RUNNING.values().stream().findFirst()
                : Optional.ofNullable(found);
    }

    public Redis redis() {
        return components.redis();
    }

    public SessionRepository sessions() {
        return components.sessions();
    }

    @Override
    public SessionManager sessionManager() {
        return components.sessions().manager();
    }

    @Override
    public RateLimiter rateLimiter() {
        return rateLimiter;
    }

    @Override
    public LoginGuard loginGuard() {
        return loginGuard;
    }

    @Override
    public CacheManager cache() {
        return caching().cache();
    }

    @Override
    public Jobs jobs() {
        return caching().jobs();
    }

    @Override
    public Warmer warmer() {
        return caching().warmer();
    }

    /** Returns the components, for tests and for the admin API. */
    public Components capabilities() {
        return components;
    }

    private CacheRuntime caching() {
        if (cacheRuntime == null) {
            throw new IllegalStateException("the cache is off in this application: GATEHOUSE_CACHE_ENABLED is False");
        }
        return cacheRuntime;
    }

    /** What can be said about Redis right now. */
    public HealthReport health() {
        return health;
    }

    /** What is done again and again, and what makes it happen. */
    public TaskSchedule timetable() {
        return taskSchedule;
    }

    private void removeExpiredSessions() {
        if (!container.isStarted()) {
            return; // whoever wants to hear of it may not be there yet
        }
        int removed = sessionManager().cleanupExpiredSessions();
        LOG.log(System.Logger.Level.DEBUG, "{0} expired sessions removed", removed);
    }

    /** Cuts the connections to Redis last, so that no thread waits for it any more. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long deadline = System.nanoTime() + TO_STOP.toNanos();
        RUNNING.remove(container.applicationLoader(), this);
        if (filter != null) {
            filter.stop();
        }
        taskSchedule.close();
        if (ruleFileWatcher != null) {
            ruleFileWatcher.close();
        }
        if (fallbackTicker != null) {
            fallbackTicker.close();
        }
        if (useNotes != null) {
            useNotes.close();
        }
        if (cacheRuntime != null) {
            cacheRuntime.close();
        }
        taskExecutor.close();
        metricsSetup.close();
        components.close();
        try {
            boolean ended = taskExecutor.awaitEnd(until(deadline));
            ended &= fallbackTicker == null || fallbackTicker.awaitEnd(until(deadline));
            ended &= cacheRuntime == null || cacheRuntime.awaitEnd(until(deadline));
            if (!ended) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a thread of Gatehouse still runs what the application lets it run");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
