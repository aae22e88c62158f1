package io.gatehouse.boot;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.assembly.Settings;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.config.Config;
import io.gatehouse.container.Container;
import io.gatehouse.health.HealthReport;
import io.gatehouse.jobs.Jobs;
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
import io.gatehouse.web.GatehouseFilter;
import io.gatehouse.web.HttpSessionAdapter;
import io.gatehouse.web.ListenerNotifier;
import io.gatehouse.web.RateLimitConfig;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Gatehouse in one application, from its start to its end. Safe for use by several threads. */
public final class Gatehouse implements AutoCloseable {
    static final String ATTRIBUTE = "io.gatehouse";

    private static final System.Logger LOG = System.getLogger(Gatehouse.class.getName());
    /** The purposes whose Redis must be available. Without the others, each node keeps limits by itself. */
    private static final Set<Purpose> REQUIRED = Set.of(Purpose.SESSIONS);

    private static final Duration TO_STOP = Duration.ofSeconds(5);

    private static final Map<ClassLoader, Gatehouse> RUNNING = new ConcurrentHashMap<>();

    private final Container container;
    private final Capabilities capabilities;
    private final @Nullable Caching caching;
    private final Metering metering;
    private final HealthReport health;
    private final Timetable timetable;
    private final Workers workers;
    private @Nullable GatehouseFilter filter;
    private @Nullable Pacemaker pacemaker;
    private @Nullable RulesWatch rulesWatch;
    private @Nullable UseNotes useNotes;

    private Gatehouse(
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
                .every(RateLimiter.NODE_INTERVAL, "counting the nodes", capabilities.limiter()::noteNode);
        if (caching != null) {
            caching.schedule(timetable, settings.warmEvery());
        }
        metering.watch(capabilities, timetable);
    }

    /**
     * Guards an application: reads the configuration, connects, puts the filter in front.
     *
     * @param listenerClasses what the server has found in it that might be a listener of sessions
     * @throws io.gatehouse.config.InvalidConfiguration with every problem, if there is one
     */
    static void start(ServletContext context, Set<Class<?>> listenerClasses) {
        Config config = new Config(Sources.of(context));
        if (!config.read(Settings.ENABLED)) {
            config.throwIfBroken();
            LOG.log(System.Logger.Level.INFO, "Gatehouse is off for {0}", name(context));
            return;
        }
        Settings settings = Settings.from(config, context.getContextPath(), context::getResourceAsStream);
        config.warnings(Settings.ALL).forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning.message()));

        Workers workers = new Workers();
        Container container = new Container(context, listenerClasses);
        ListenerNotifier notifier = new ListenerNotifier(container, context);
        Metering metering = new Metering(settings.session().application());
        Capabilities capabilities = metering.measured(settings, notifier, workers);
        HttpSessionAdapter sessions = new HttpSessionAdapter(capabilities.sessions(), notifier);
        Caching caching = settings.cache().enabled() ? new Caching(capabilities, workers, metering.jobs()) : null;
        Gatehouse gatehouse = new Gatehouse(container, capabilities, workers, caching, metering);
        RateLimitConfig limiting = new RateLimitConfig(
                capabilities.addresses(),
                capabilities.limiter(),
                settings.limits().headers(),
                capabilities.guard(),
                settings.logins().deviceLifetime(),
                settings.web().cors());
        Set<String> unguarded =
                new Endpoints(context, settings.health()).register(gatehouse.health, metering.servlet(), capabilities);
        gatehouse.guard(
                context,
                new GatehouseFilter(
                        settings.web(), unguarded, limiting, sessions, capabilities.redis(), container, context));
        LOG.log(
                System.Logger.Level.INFO,
                "Gatehouse guards {0}: application {1}, signing key {2}, rate limits {3}",
                name(context),
                settings.session().application(),
                settings.keys().currentKid(),
                settings.limits().rules().get().version());
    }

    private void guard(ServletContext context, GatehouseFilter filter) {
        this.filter = filter;
        FilterRegistration.Dynamic registration = context.addFilter("gatehouse", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        context.setAttribute(ATTRIBUTE, this);
        RUNNING.put(container.applicationLoader(), this);
        timetable.open();
        context.addListener(new ServletContextListener() {
            @Override
            public void contextInitialized(ServletContextEvent event) {
                if (caching != null) {
                    caching.begin();
                }
                metering.begin();
                Rules rules = capabilities.settings().limits().rules();
                rulesWatch = rules.isFile() ? RulesWatch.start(rules, container.applicationLoader()) : null;
                pacemaker = new Pacemaker(timetable);
                useNotes = new UseNotes(sessions());
            }

            @Override
            public void contextDestroyed(ServletContextEvent event) {
                close();
            }
        });
    }

    /** Gatehouse of an application, or nothing if it is off there. */
    public static Optional<Gatehouse> of(ServletContext context) {
        return Optional.ofNullable((Gatehouse) context.getAttribute(ATTRIBUTE));
    }

    /** Gatehouse of the application whose code runs in this thread, or nothing if it is off there. */
    public static Optional<Gatehouse> current() {
        Gatehouse found = RUNNING.get(Thread.currentThread().getContextClassLoader());
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

    /** The sessions of the application, to look at and to manage. */
    public SessionManager sessionManager() {
        return capabilities.sessions().manager();
    }

    /** The rate limits of the application. */
    public RateLimiter rateLimiter() {
        return capabilities.limiter();
    }

    /** What guards the accounts of the application against guessing. */
    public LoginGuard loginGuard() {
        return capabilities.guard();
    }

    /**
     * The cache of the application.
     *
     * @throws IllegalStateException if it is off
     */
    public CacheManager cache() {
        return caching().cache();
    }

    /** Work that runs on one node at a time; off with the cache. */
    public Jobs jobs() {
        return caching().jobs();
    }

    /** What fills the cache before somebody asks; off with the cache. */
    public Warmer warmer() {
        return caching().warmer();
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

    /**
     * Stops, within {@link #TO_STOP}. New requests get 503, runs of jobs are given back, and then the connections to Redis are cut,
     * so that no thread waits for it any more.
     */
    @Override
    public void close() {
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

    private static String name(ServletContext context) {
        return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    }
}
