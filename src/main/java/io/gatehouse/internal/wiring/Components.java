package io.gatehouse.internal.wiring;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.cache.NodeNotices;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.oidc.LogoutCounters;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.springsession.ImportCounters;
import io.gatehouse.internal.springsession.SpringSessionImporter;
import io.gatehouse.internal.tracing.Tracing;
import io.gatehouse.login.LoginListener;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The components of Gatehouse for one application, wired together and connected to Redis. {@link #close} disconnects them. Their only
 * background work is the health probe of Redis and the subscription to cache invalidations; {@link GatehouseRuntime} schedules the rest.
 * Thread-safe.
 */
public final class Components implements AutoCloseable {
    private final Settings settings;
    private final Set<RedisPurpose> redisPurposes =
            EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT, RedisPurpose.CACHE_WARMING);
    private final RedisConnections redis;
    private final @Nullable JsonMapper json;
    private final InstantSource clock = InstantSource.system();
    private final SessionRepository sessionRepository;
    private final ClientAddressResolver addresses;
    private final LimitEngine limiter;
    private final LoginEngine guard;
    private final @Nullable DefaultCacheManager cache;
    private final RedisJobs jobs;
    private final Operations operations;
    private final LogoutCounters logoutCounters = new LogoutCounters();
    private final ImportCounters importCounters = new ImportCounters();

    /**
     * Creates components without metrics. Waits for the first probe of Redis, at most for the connect timeout.
     *
     * @param observer notified of session events
     * @param executor runs cache loaders whose callers wait with a timeout
     */
    public Components(Settings settings, SessionObserver observer, Executor executor) {
        this(settings, observer, executor, RedisObserver.NONE, SaveObserver.NONE, Tracing.NONE);
    }

    /**
     * Creates components with metrics. Waits for the first probe of Redis, at most for the connect timeout.
     *
     * @param observer notified of session events
     * @param executor runs cache loaders whose callers wait with a timeout
     * @param exchanges notified of each exchange with Redis
     * @param saves notified of each stored session
     * @param tracing starts a span for each call of a cache loader
     */
    public Components(
            Settings settings,
            SessionObserver observer,
            Executor executor,
            RedisObserver exchanges,
            SaveObserver saves,
            Tracing tracing) {
        this(
                settings,
                settings.redis(),
                observer,
                executor,
                exchanges,
                saves,
                tracing,
                settings.needJson() ? OptionalApi.json() : null);
    }

    /**
     * Creates components for a process that does not run the application, such as a command. It decodes no attribute values, so JSON-B
     * is not loaded. Session listeners are notified by the nodes of the application.
     *
     * @param connecting the maximum connect timeout; a shorter one in the settings takes precedence
     */
    public static Components withoutApplication(Settings settings, Duration connecting, Executor executor) {
        Components components = new Components(
                settings,
                settings.redis().withConnectTimeoutAtMost(connecting),
                SessionObserver.ELSEWHERE,
                executor,
                RedisObserver.NONE,
                SaveObserver.NONE,
                Tracing.NONE,
                null);
        components.jobs().checkNames();
        return components;
    }

    private Components(
            Settings settings,
            RedisSettings connections,
            SessionObserver observer,
            Executor executor,
            RedisObserver exchanges,
            SaveObserver saves,
            Tracing tracing,
            @Nullable JsonMapper json) {
        this.settings = settings;
        this.json = json;
        boolean caching = settings.cache().enabled();
        if (caching) {
            redisPurposes.add(RedisPurpose.CACHE);
        }
        String prefix = settings.session().keyPrefix();
        String application = settings.session().application();
        this.redis = RedisConnections.openInBackground(connections, redisPurposes, clock, exchanges);
        this.sessionRepository =
                new SessionRepository(settings.session(), settings.keys(), redis, json, clock, observer, saves);
        this.addresses = new ClientAddressResolver(settings.addresses());
        this.limiter = new LimitEngine(
                redis,
                settings.redis().isCluster(),
                settings.keys(),
                prefix,
                application,
                addresses,
                settings.limits().rules(),
                sessionRepository::userTags,
                clock,
                System::nanoTime);
        this.guard = new LoginEngine(
                settings.logins(),
                prefix,
                application,
                settings.keys(),
                redis,
                clock,
                LoginListener.NONE,
                limiter.blocked());
        this.cache = caching
                ? new DefaultCacheManager(
                        settings.cache(),
                        prefix,
                        application,
                        settings.keys(),
                        redis,
                        json,
                        executor,
                        clock,
                        System::nanoTime,
                        tracing)
                : null;
        this.jobs = new RedisJobs(redis, settings.keys(), prefix, application, processName());
        if (cache != null) {
            NodeNotices notices = cache.notices();
            notices.listen("jobs", jobs.notices()::received);
            jobs.notices().sendBy(() -> notices.send("jobs"));
        }
        this.operations = new Operations(
                sessionRepository.manager(), limiter, guard, cache, jobs, settings.keys(), settings.values());
        redis.awaitFirstProbe(); // last, because everything above is created while Redis connects
    }

    /** Returns process id and host, which people recognize, and a random suffix, which makes the name unique. */
    private static String processName() {
        return ManagementFactory.getRuntimeMXBean().getName()
                + '/'
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Returns the configuration. */
    public Settings settings() {
        return settings;
    }

    /** Returns the connections to Redis. */
    public RedisConnections redis() {
        return redis;
    }

    /** Returns the purposes for which Gatehouse is connected to Redis. */
    public Set<RedisPurpose> purposes() {
        return Set.copyOf(redisPurposes);
    }

    /** Returns the JSON-B mapper, or empty if no setting needs it or the server has no JSON-B. */
    public Optional<JsonMapper> json() {
        return Optional.ofNullable(json);
    }

    /** Returns the sessions of the application. */
    public SessionRepository sessions() {
        return sessionRepository;
    }

    /** Returns the resolver of client addresses behind proxies. */
    public ClientAddressResolver addresses() {
        return addresses;
    }

    /** Returns the rate limits. */
    public LimitEngine limiter() {
        return limiter;
    }

    /** Returns the login protection. */
    public LoginEngine guard() {
        return guard;
    }

    /** Returns the cache, or empty if it is disabled. */
    public Optional<DefaultCacheManager> cache() {
        return Optional.ofNullable(cache);
    }

    /** Returns the job queue. */
    public RedisJobs jobs() {
        return jobs;
    }

    /** Returns the operations for the admin API and the commands. */
    public Operations operator() {
        return operations;
    }

    /** Returns the counts of logout requests of the OpenID provider. */
    public LogoutCounters logoutCounters() {
        return logoutCounters;
    }

    /** Returns a new importer of sessions of Spring Session, or null if the import is disabled. */
    @Nullable
    SpringSessionImporter springSessionImporter() {
        return settings.springSession()
                .map(imports -> new SpringSessionImporter(
                        imports,
                        settings.session(),
                        redis,
                        sessionRepository.adoption(),
                        importCounters,
                        clock,
                        System::nanoTime))
                .orElse(null);
    }

    /** Returns the counts of imported sessions of Spring Session, or empty if the import is disabled. */
    public Optional<ImportCounters> importCounters() {
        return settings.springSession().map(imports -> importCounters);
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
        sessionRepository.close();
        redis.close();
    }
}
