package io.gatehouse.boot;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.config.Config;
import io.gatehouse.container.Container;
import io.gatehouse.health.HealthReport;
import io.gatehouse.health.RedisHealthServlet;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.ratelimit.ClientAddresses;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.ratelimit.LoginObserver;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.Rules;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.schedule.Pacemaker;
import io.gatehouse.schedule.Timetable;
import io.gatehouse.session.SessionManager;
import io.gatehouse.session.Sessions;
import io.gatehouse.values.JsonMapper;
import io.gatehouse.warming.Warmer;
import io.gatehouse.web.GatehouseFilter;
import io.gatehouse.web.HttpSessions;
import io.gatehouse.web.RateLimiting;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.InstantSource;
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
    /** While another is away, limits are kept by each node alone. */
    private static final Set<Purpose> REQUIRED = Set.of(Purpose.SESSIONS);

    private static final Map<ClassLoader, Gatehouse> RUNNING = new ConcurrentHashMap<>();

    private final RedisConnections redis;
    private final Container container;
    private final Sessions sessions;
    private final SessionManager sessionManager;
    private final RateLimiter limiter;
    private final LoginGuard guard;
    private final @Nullable Caching caching;
    private final HealthReport health;
    private final Timetable timetable;
    private @Nullable Pacemaker pacemaker;

    private Gatehouse(
            Container container,
            RedisConnections redis,
            Sessions sessions,
            RateLimiter limiter,
            LoginGuard guard,
            @Nullable Caching caching,
            Set<Purpose> purposes,
            Settings settings) {
        this.container = container;
        this.redis = redis;
        this.sessions = sessions;
        this.sessionManager = sessions.manager();
        this.limiter = limiter;
        this.guard = guard;
        this.caching = caching;
        this.health = new HealthReport(
                settings.session().application(), redis, purposes, REQUIRED, () -> caching == null || caching.isWarm());
        this.timetable = new Timetable(System::nanoTime)
                .every(settings.cleanup(), "session clean-up", this::removeExpiredSessions)
                .every(
                        Rules.BETWEEN_LOOKS,
                        "reading rate limits anew",
                        settings.limits().rules()::refresh)
                .every(RateLimiter.NODE_INTERVAL, "counting the nodes", limiter::noteNode);
        if (caching != null) {
            caching.schedule(timetable, settings.warmEvery());
        }
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
        Settings settings = Settings.from(config, context);
        config.warnings(Settings.ALL).forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));

        InstantSource clock = InstantSource.system();
        Set<Purpose> purposes = EnumSet.of(Purpose.SESSIONS, Purpose.RATE_LIMIT);
        if (settings.cache().enabled()) {
            purposes.addAll(Caching.PURPOSES);
        }
        RedisConnections redis = RedisConnections.open(settings.redis(), purposes, clock);
        JsonMapper json = Sources.optional("JSON-B", "no session attribute is stored as JSON", JsonbMapper::new);
        Container container = new Container(context, listenerClasses);
        HttpSessions sessions = new HttpSessions(
                container,
                context,
                observer -> new Sessions(settings.session(), settings.keys(), redis, json, clock, observer));
        Sessions ours = sessions.sessions();
        ClientAddresses addresses = new ClientAddresses(settings.addresses());
        RateLimiter limiter = new RateLimiter(
                redis,
                settings.redis().isCluster(),
                settings.keys(),
                settings.session().keyPrefix(),
                settings.session().application(),
                addresses,
                settings.limits().rules(),
                ours::userTags,
                clock,
                System::nanoTime);
        LoginGuard logins = new LoginGuard(
                settings.logins(),
                settings.session().keyPrefix(),
                settings.session().application(),
                settings.keys(),
                redis,
                clock,
                LoginObserver.NONE);
        Caching caching = settings.cache().enabled()
                ? new Caching(settings, redis, json, clock, ours.manager()::cleanupExpiredSessions)
                : null;
        Gatehouse gatehouse = new Gatehouse(container, redis, ours, limiter, logins, caching, purposes, settings);
        RateLimiting limiting = new RateLimiting(
                addresses,
                limiter,
                settings.limits().headers(),
                logins,
                settings.logins().deviceLifetime());
        gatehouse.guard(
                context,
                new GatehouseFilter(settings.web(), limiting, sessions, redis, container, context),
                settings.endpoints());
        LOG.log(
                System.Logger.Level.INFO,
                "Gatehouse guards {0}: application {1}, signing key {2}, rate limits {3}",
                name(context),
                settings.session().application(),
                settings.keys().currentKid(),
                settings.limits().rules().get().version());
    }

    private void guard(ServletContext context, GatehouseFilter filter, boolean endpoints) {
        FilterRegistration.Dynamic registration = context.addFilter("gatehouse", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        if (endpoints) {
            RedisHealthServlet servlet =
                    Sources.optional("JSON-B", "the health endpoint is off", () -> new RedisHealthServlet(health));
            if (servlet != null) {
                context.addServlet("gatehouse-redis-health", servlet).addMapping(RedisHealthServlet.MAPPING);
            }
        }
        context.setAttribute(ATTRIBUTE, this);
        RUNNING.put(container.applicationLoader(), this);
        timetable.open();
        context.addListener(new ServletContextListener() {
            @Override
            public void contextInitialized(ServletContextEvent event) {
                if (caching != null) {
                    caching.begin();
                }
                pacemaker = new Pacemaker(timetable);
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
        return redis;
    }

    public Sessions sessions() {
        return sessions;
    }

    /** The sessions of the application, to look at and to manage. */
    public SessionManager sessionManager() {
        return sessionManager;
    }

    /** The rate limits of the application. */
    public RateLimiter rateLimiter() {
        return limiter;
    }

    /** What guards the accounts of the application against guessing. */
    public LoginGuard loginGuard() {
        return guard;
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
        int removed = sessionManager.cleanupExpiredSessions();
        LOG.log(System.Logger.Level.DEBUG, "{0} expired sessions removed", removed);
    }

    @Override
    public void close() {
        RUNNING.remove(container.applicationLoader(), this);
        timetable.close();
        if (pacemaker != null) {
            pacemaker.close();
        }
        if (caching != null) {
            caching.close();
        }
        redis.close();
    }

    private static String name(ServletContext context) {
        return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    }
}
