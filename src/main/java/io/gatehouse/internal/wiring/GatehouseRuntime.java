package io.gatehouse.internal.wiring;

import io.gatehouse.Gatehouse;
import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.internal.health.HealthReport;
import io.gatehouse.internal.login.DefaultLoginGuard;
import io.gatehouse.internal.ratelimit.DefaultRateLimiter;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.rules.RuleFileWatcher;
import io.gatehouse.internal.rules.RuleSource;
import io.gatehouse.internal.schedule.FallbackTicker;
import io.gatehouse.internal.schedule.TaskExecutor;
import io.gatehouse.internal.schedule.TaskSchedule;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.web.RequestFilter;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.ratelimit.LimitResolver;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.session.SessionManager;
import io.gatehouse.warmup.Warmer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * The running Gatehouse of one application, from its start by {@link GatehouseStarter} to {@link #close}. Thread-safe.
 *
 * <p>Its lifecycle follows the one of the application: the constructor builds the schedule, {@link #open} lets requests in,
 * {@link #onApplicationStarted} starts the parts that need beans and JNDI names, and {@link #close} stops everything within five
 * seconds.
 */
public final class GatehouseRuntime implements Gatehouse {
    private static final System.Logger LOG = System.getLogger(GatehouseRuntime.class.getName());
    /** The purposes without which requests cannot be served. While Redis of another purpose is unavailable, each node works alone. */
    private static final Set<RedisPurpose> REQUIRED = Set.of(RedisPurpose.SESSIONS);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Container container;
    private final Components components;
    private final JobsRuntime jobsRuntime;
    private final @Nullable CacheRuntime cacheRuntime;
    private final MetricsSetup metricsSetup;
    private final TelemetrySetup telemetrySetup;
    private final HealthReport health;
    private final TaskSchedule taskSchedule;
    private final TaskExecutor taskExecutor;
    private final RateLimiter rateLimiter;
    private final LoginGuard loginGuard;
    private final ApplicationClients applicationClients;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final WarmStart warmUp;
    private @Nullable RequestFilter filter;
    private @Nullable FallbackTicker fallbackTicker;
    private @Nullable RuleFileWatcher ruleFileWatcher;
    private @Nullable SessionUseRecorder sessionUseRecorder;

    GatehouseRuntime(
            Container container,
            Components components,
            TaskExecutor taskExecutor,
            JobsRuntime jobsRuntime,
            @Nullable CacheRuntime cacheRuntime,
            MetricsSetup metricsSetup,
            TelemetrySetup telemetrySetup) {
        this.container = container;
        this.taskExecutor = taskExecutor;
        this.components = components;
        this.jobsRuntime = jobsRuntime;
        this.cacheRuntime = cacheRuntime;
        this.metricsSetup = metricsSetup;
        this.telemetrySetup = telemetrySetup;
        this.rateLimiter = new DefaultRateLimiter(components.limiter(), components.guard()::release);
        this.loginGuard = new DefaultLoginGuard(components.guard(), components.addresses());
        this.applicationClients = new ApplicationClients(components.redis(), components.purposes());
        Settings settings = components.settings();
        this.warmUp = new WarmStart(
                new SelfExercise(settings, components.redis(), System::nanoTime)::run,
                settings.health().warmUp(),
                SelfExercise.TIME_LIMIT,
                System::nanoTime);
        this.health = new HealthReport(
                settings.session().application(),
                components.redis(),
                components.purposes(),
                REQUIRED,
                settings.health().readiness(),
                () -> warmUp.isComplete() && (cacheRuntime == null || cacheRuntime.isWarm()),
                () -> Optional.ofNullable(cacheRuntime)
                        .map(enabled -> components.operator().cache().nodeStatistics()),
                () -> Optional.of(jobsRuntime.nodeJobs()),
                () -> container.usesOurSessions() ? "container" : "filter");
        this.taskSchedule = new TaskSchedule(System::nanoTime)
                .every(LimitEngine.NODE_INTERVAL, "counting the nodes", components.limiter()::heartbeat);
        jobsRuntime.schedule(taskSchedule, settings.jobIntervals());
        if (cacheRuntime != null) {
            cacheRuntime.schedule(taskSchedule);
        }
        metricsSetup.observe(components, taskSchedule);
        telemetrySetup.schedule(taskSchedule, metricsSetup.metrics());
    }

    /** Serves requests through a filter from now on. Scheduled tasks run after {@link #onApplicationStarted}. */
    void open(RequestFilter requestFilter) {
        filter = requestFilter;
        RunningApplications.add(this, container.applicationLoader());
        taskSchedule.open();
    }

    /**
     * Starts the parts that need the beans and JNDI names of the application.
     *
     * @throws IllegalStateException if jobs of the application are invalid; everything has been stopped then
     */
    void onApplicationStarted() {
        taskExecutor.open();
        try {
            jobsRuntime.registerBeans();
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
        if (cacheRuntime != null) {
            cacheRuntime.start();
        }
        jobsRuntime.start();
        connectLimitsToBeans();
        if (!components.limiter().rules().isEmpty()) {
            components.limiter().heartbeat(); // no token is taken in advance before the nodes are counted
        }
        metricsSetup.registerWithServer();
        telemetrySetup.connect(metricsSetup.metrics());
        RuleSource ruleSource = components.settings().limits().rules();
        ruleFileWatcher = ruleSource.isFile() ? RuleFileWatcher.start(ruleSource, container.applicationLoader()) : null;
        fallbackTicker = new FallbackTicker(taskSchedule);
        sessionUseRecorder = new SessionUseRecorder(sessions());
        if (components.settings().health().warmUp()) {
            taskExecutor.execute(warmUp);
        }
    }

    private void connectLimitsToBeans() {
        LimitBeans beans = OptionalApi.tryLoad("CDI", "limits have neither a resolver nor observers", () -> {
            return new LimitBeans(); // a method reference would load CDI here, outside the try block
        });
        if (beans == null) {
            return;
        }
        LimitEngine limiter = components.limiter();
        limiter.blocked().events().open(beans::fire, taskExecutor);
        LimitResolver resolver = beans.resolver();
        if (resolver != null) {
            limiter.userLimits().resolveBy(resolver, taskExecutor);
        }
    }

    /** Returns the connections to Redis. */
    public Redis redis() {
        return components.redis();
    }

    /** Returns the sessions of the application. */
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
        return requireCache().cache();
    }

    @Override
    public Jobs jobs() {
        return jobsRuntime.jobs();
    }

    @Override
    public Warmer warmer() {
        return cache().warmer();
    }

    @Override
    public UnifiedJedis redis(RedisPurpose redisPurpose) {
        return applicationClients.of(redisPurpose);
    }

    /** Returns the components, for tests and for the admin API. */
    public Components components() {
        return components;
    }

    private CacheRuntime requireCache() {
        if (cacheRuntime == null) {
            throw new IllegalStateException(
                    "the cache is disabled in this application; set GATEHOUSE_CACHE_ENABLED to True to use it");
        }
        return cacheRuntime;
    }

    /** Returns the health of this node. */
    public HealthReport health() {
        return health;
    }

    /** Returns the periodic tasks. */
    public TaskSchedule taskSchedule() {
        return taskSchedule;
    }

    /**
     * Stops everything, at most within {@link #STOP_TIMEOUT}. Connections to Redis are closed after all tasks were stopped, and before
     * their threads are awaited: a thread that still waits for a reply then fails at once.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        RunningApplications.remove(this);
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
        if (sessionUseRecorder != null) {
            sessionUseRecorder.close();
        }
        jobsRuntime.close();
        if (cacheRuntime != null) {
            cacheRuntime.close();
        }
        taskExecutor.close();
        metricsSetup.close();
        telemetrySetup.close();
        components.close();
        try {
            boolean ended = taskExecutor.awaitEnd(remaining(deadline));
            ended &= fallbackTicker == null || fallbackTicker.awaitEnd(remaining(deadline));
            ended &= jobsRuntime.awaitEnd(remaining(deadline));
            if (!ended) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a thread of Gatehouse still runs code of the application, {0} seconds after the stop began",
                        STOP_TIMEOUT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
