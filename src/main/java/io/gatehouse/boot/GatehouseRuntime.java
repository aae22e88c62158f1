package io.gatehouse.boot;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.assembly.Settings;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.container.Container;
import io.gatehouse.health.HealthReport;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.ratelimit.DefaultLoginGuard;
import io.gatehouse.ratelimit.DefaultRateLimiter;
import io.gatehouse.ratelimit.LimitEngine;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.Rules;
import io.gatehouse.ratelimit.RulesWatch;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.schedule.Pacemaker;
import io.gatehouse.schedule.Timetable;
import io.gatehouse.schedule.Workers;
import io.gatehouse.session.SessionManager;
import io.gatehouse.session.Sessions;
import io.gatehouse.warming.Warmer;
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
    private static final Set<Purpose> REQUIRED = Set.of(Purpose.SESSIONS);

    private static final Duration TO_STOP = Duration.ofSeconds(5);

    private static final Map<ClassLoader, GatehouseRuntime> RUNNING = new ConcurrentHashMap<>();

    private final Container container;
    private final Capabilities capabilities;
    private final @Nullable Caching caching;
    private final Metering metering;
    private final HealthReport health;
    private final Timetable timetable;
    private final Workers workers;
    private final RateLimiter rateLimiter;
    private final LoginGuard loginGuard;
    private final AtomicBoolean closed = new AtomicBoolean();
    private io.gatehouse.web.@Nullable GatehouseFilter filter;
    private @Nullable Pacemaker pacemaker;
    private @Nullable RulesWatch rulesWatch;
    private @Nullable UseNotes useNotes;

    GatehouseRuntime(
            Container container,
            Capabilities capabilities,
            Workers workers,
            @Nullable Caching caching,
            Metering metering) {
        this.container = container;
        this.workers = workers;
        this.capabilities = capabilities;
        this.caching = caching;
        this.metering = metering;
        this.rateLimiter = new DefaultRateLimiter(capabilities.limiter());
        this.loginGuard = new DefaultLoginGuard(capabilities.guard(), capabilities.addresses());
        Settings settings = capabilities.settings();
        this.health = new HealthReport(
                settings.session().application(),
                capabilities.redis(),
                capabilities.purposes(),
                REQUIRED,
                settings.health().readiness(),
                () -> caching == null || caching.isWarm(),
                () -> Optional.ofNullable(caching)
                        .map(open -> capabilities.operator().cache().ofThisNode()),
                () -> Optional.ofNullable(caching).map(Caching::runs));
        this.timetable = new Timetable(System::nanoTime)
                .every(settings.cleanup(), "session clean-up", this::removeExpiredSessions)
                .every(LimitEngine.NODE_INTERVAL, "counting the nodes", capabilities.limiter()::noteNode);
        if (caching != null) {
            caching.schedule(timetable, settings.warmEvery());
        }
        metering.watch(capabilities, timetable);
    }

    /** Runs from now on behind a filter; answers requests, and runs what the timetable says as soon as {@link #begin} is called. */
    void open(io.gatehouse.web.GatehouseFilter guarding) {
        filter = guarding;
        RUNNING.put(container.applicationLoader(), this);
        timetable.open();
    }

    /** Starts what needs the beans and names of the application. */
    void begin() {
        if (caching != null) {
            caching.begin();
        }
        metering.begin();
        Rules rules = capabilities.settings().limits().rules();
        rulesWatch = rules.isFile() ? RulesWatch.start(rules, container.applicationLoader()) : null;
        pacemaker = new Pacemaker(timetable);
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
        return capabilities.redis();
    }

    public Sessions sessions() {
        return capabilities.sessions();
    }

    @Override
    public SessionManager sessionManager() {
        return capabilities.sessions().manager();
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
    public Capabilities capabilities() {
        return capabilities;
    }

    private Caching caching() {
        if (caching == null) {
            throw new IllegalStateException("the cache is off in this application: GATEHOUSE_CACHE_ENABLED is False");
        }
        return caching;
    }

    /** What can be said about Redis right now. */
    public HealthReport health() {
        return health;
    }

    /** What is done again and again, and what makes it happen. */
    public Timetable timetable() {
        return timetable;
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
        timetable.close();
        if (rulesWatch != null) {
            rulesWatch.close();
        }
        if (pacemaker != null) {
            pacemaker.close();
        }
        if (useNotes != null) {
            useNotes.close();
        }
        if (caching != null) {
            caching.close();
        }
        workers.close();
        metering.close();
        capabilities.close();
        try {
            boolean ended = workers.awaitEnd(until(deadline));
            ended &= pacemaker == null || pacemaker.awaitEnd(until(deadline));
            ended &= caching == null || caching.awaitEnd(until(deadline));
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
