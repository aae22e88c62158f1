package io.gatehouse.boot;

import io.gatehouse.config.Config;
import io.gatehouse.config.Setting;
import io.gatehouse.container.Container;
import io.gatehouse.health.HealthReport;
import io.gatehouse.health.HealthSettings;
import io.gatehouse.health.RedisHealthServlet;
import io.gatehouse.ratelimit.AddressSettings;
import io.gatehouse.ratelimit.ClientAddresses;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.ratelimit.LoginObserver;
import io.gatehouse.ratelimit.LoginSettings;
import io.gatehouse.ratelimit.RateLimitSettings;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.Rules;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.redis.RedisSettings;
import io.gatehouse.schedule.Pacemaker;
import io.gatehouse.schedule.ScheduleSettings;
import io.gatehouse.schedule.Timetable;
import io.gatehouse.session.SessionManager;
import io.gatehouse.session.SessionSettings;
import io.gatehouse.session.Sessions;
import io.gatehouse.signing.KeyRing;
import io.gatehouse.signing.SigningSettings;
import io.gatehouse.values.JsonMapper;
import io.gatehouse.web.GatehouseFilter;
import io.gatehouse.web.HttpSessions;
import io.gatehouse.web.RateLimiting;
import io.gatehouse.web.WebSettings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gatehouse in one application, from its start to its end. Safe for use by several threads. */
public final class Gatehouse implements AutoCloseable {
    static final String ATTRIBUTE = "io.gatehouse";

    static final Setting<Boolean> ENABLED =
            Setting.flag("GATEHOUSE_ENABLED", true, "Whether Gatehouse guards this application at all.");

    /** Every setting there is. */
    static final List<Setting<?>> SETTINGS = Stream.of(
                    List.<Setting<?>>of(ENABLED),
                    RedisSettings.ALL,
                    SigningSettings.ALL,
                    SessionSettings.ALL,
                    RateLimitSettings.ALL,
                    WebSettings.ALL,
                    AddressSettings.ALL,
                    LoginSettings.ALL,
                    HealthSettings.ALL,
                    ScheduleSettings.ALL)
            .flatMap(List::stream)
            .toList();

    private static final System.Logger LOG = System.getLogger(Gatehouse.class.getName());
    private static final Set<Purpose> PURPOSES = Set.of(Purpose.SESSIONS, Purpose.RATE_LIMIT);
    /** While another is away, limits are kept by each node alone. */
    private static final Set<Purpose> REQUIRED = Set.of(Purpose.SESSIONS);

    private static final Map<ClassLoader, Gatehouse> RUNNING = new ConcurrentHashMap<>();

    private final RedisConnections redis;
    private final Container container;
    private final Sessions sessions;
    private final SessionManager sessionManager;
    private final RateLimiter limiter;
    private final LoginGuard guard;
    private final HealthReport health;
    private final Timetable timetable;
    private @Nullable Pacemaker pacemaker;

    private Gatehouse(
            Container container,
            RedisConnections redis,
            Sessions sessions,
            RateLimiter limiter,
            LoginGuard guard,
            String application,
            Rules rules,
            Duration cleanup) {
        this.container = container;
        this.redis = redis;
        this.sessions = sessions;
        this.sessionManager = sessions.manager();
        this.limiter = limiter;
        this.guard = guard;
        this.health = new HealthReport(application, redis, PURPOSES, REQUIRED);
        this.timetable = new Timetable(System::nanoTime)
                .every(cleanup, "session clean-up", this::removeExpiredSessions)
                .every(Rules.BETWEEN_LOOKS, "reading rate limits anew", rules::refresh)
                .every(RateLimiter.NODE_INTERVAL, "counting the nodes", limiter::noteNode);
    }

    /**
     * Guards an application: reads the configuration, connects, puts the filter in front.
     *
     * @param listenerClasses what the server has found in it that might be a listener of sessions
     * @throws io.gatehouse.config.InvalidConfiguration with every problem, if there is one
     */
    static void start(ServletContext context, Set<Class<?>> listenerClasses) {
        Config config = new Config(Sources.of(context));
        if (!config.read(ENABLED)) {
            config.throwIfBroken();
            LOG.log(System.Logger.Level.INFO, "Gatehouse is off for {0}", name(context));
            return;
        }
        RedisSettings redisSettings = RedisSettings.from(config);
        Optional<KeyRing> keys = SigningSettings.from(config);
        SessionSettings sessionSettings = SessionSettings.from(config, context.getContextPath());
        RateLimitSettings limits = RateLimitSettings.from(config, Sources.json(), context::getResourceAsStream);
        LoginSettings loginSettings = LoginSettings.from(config);
        WebSettings webSettings = WebSettings.from(config);
        AddressSettings addressSettings = AddressSettings.from(config);
        boolean endpoints = config.read(HealthSettings.ENDPOINTS);
        Duration cleanup = config.read(ScheduleSettings.SESSION_CLEANUP_INTERVAL);
        config.throwIfBroken();
        config.warnings(SETTINGS).forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));

        InstantSource clock = InstantSource.system();
        RedisConnections redis = RedisConnections.open(redisSettings, PURPOSES, clock);
        JsonMapper json = Sources.optional("JSON-B", "no session attribute is stored as JSON", JsonbMapper::new);
        Container container = new Container(context, listenerClasses);
        HttpSessions sessions = new HttpSessions(
                container,
                context,
                observer -> new Sessions(sessionSettings, keys.orElseThrow(), redis, json, clock, observer));
        Sessions ours = sessions.sessions();
        ClientAddresses addresses = new ClientAddresses(addressSettings);
        RateLimiter limiter = new RateLimiter(
                redis,
                redisSettings.isCluster(),
                keys.orElseThrow(),
                sessionSettings.keyPrefix(),
                sessionSettings.application(),
                addresses,
                limits.rules(),
                ours::userTags,
                clock,
                System::nanoTime);
        LoginGuard logins = new LoginGuard(
                loginSettings,
                sessionSettings.keyPrefix(),
                sessionSettings.application(),
                keys.orElseThrow(),
                redis,
                clock,
                LoginObserver.NONE);
        Gatehouse gatehouse = new Gatehouse(
                container, redis, ours, limiter, logins, sessionSettings.application(), limits.rules(), cleanup);
        RateLimiting limiting =
                new RateLimiting(addresses, limiter, limits.headers(), logins, loginSettings.deviceLifetime());
        gatehouse.guard(
                context, new GatehouseFilter(webSettings, limiting, sessions, redis, container, context), endpoints);
        LOG.log(
                System.Logger.Level.INFO,
                "Gatehouse guards {0}: application {1}, signing key {2}, rate limits {3}",
                name(context),
                sessionSettings.application(),
                keys.orElseThrow().currentKid(),
                limits.rules().get().version());
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
        redis.close();
    }

    private static String name(ServletContext context) {
        return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    }
}
