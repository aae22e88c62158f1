package io.gatehouse.internal.wiring;

import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.redis.RedisObserver;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.serialization.JsonMapper;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
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
 * What Gatehouse can do for one application, put together and connected to Redis; closing it disconnects. Nothing here runs by
 * itself but the look at Redis and the listening to what other nodes change. Safe for use by several threads.
 */
public final class Components implements AutoCloseable {
    private final Settings settings;
    private final Set<RedisPurpose> redisPurposes = EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT);
    private final RedisConnections redis;
    private final @Nullable JsonMapper json;
    private final InstantSource clock = InstantSource.system();
    private final SessionRepository sessionRepository;
    private final ClientAddressResolver addresses;
    private final LimitEngine limiter;
    private final LoginEngine guard;
    private final @Nullable DefaultCacheManager cache;
    private final @Nullable RedisJobs jobs;
    private final Operations operations;

    /**
     * Opens the connections; waits for the first answers of Redis no longer than the time-out to connect.
     *
     * @param observer told what becomes of sessions
     * @param executor runs loaders of the cache for which somebody waits with a time-out
     */
    public Components(Settings settings, SessionObserver observer, Executor executor) {
        this(settings, observer, executor, RedisObserver.NONE, SaveObserver.NONE);
    }

    /**
     * The same, measured.
     *
     * @param exchanges told of each exchange with Redis
     * @param saves told of each session that is stored
     */
    public Components(
            Settings settings,
            SessionObserver observer,
            Executor executor,
            RedisObserver exchanges,
            SaveObserver saves) {
        this(settings, settings.redis(), observer, executor, exchanges, saves, OptionalApi.json());
    }

    /**
     * For a process without the application, which reads no values and leaves it to others to hear what becomes of sessions. Does
     * not look for JSON-B, which takes longer than to connect.
     *
     * @param connecting the longest to wait for Redis, if the settings do not say less
     */
    public static Components withoutApplication(Settings settings, Duration connecting, Executor executor) {
        return new Components(
                settings,
                settings.redis().withConnectTimeoutAtMost(connecting),
                SessionObserver.ELSEWHERE,
                executor,
                RedisObserver.NONE,
                SaveObserver.NONE,
                null);
    }

    private Components(
            Settings settings,
            RedisSettings connections,
            SessionObserver observer,
            Executor executor,
            RedisObserver exchanges,
            SaveObserver saves,
            @Nullable JsonMapper json) {
        this.settings = settings;
        this.json = json;
        boolean caching = settings.cache().enabled();
        if (caching) {
            redisPurposes.add(RedisPurpose.CACHE);
            redisPurposes.add(RedisPurpose.CACHE_WARMING);
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
                settings.logins(), prefix, application, settings.keys(), redis, clock, LoginListener.NONE);
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
                        System::nanoTime)
                : null;
        this.jobs = caching ? new RedisJobs(redis, settings.keys(), prefix, application, processName()) : null;
        this.operations = new Operations(
                sessionRepository.manager(), limiter, guard, cache, jobs, settings.keys(), settings.values());
        redis.awaitFirstProbe(); // while it was connected to, all the rest was made
    }

    /** Process and host, for people, and what no other has. */
    private static String processName() {
        return ManagementFactory.getRuntimeMXBean().getName()
                + '/'
                + UUID.randomUUID().toString().substring(0, 8);
    }

    public Settings settings() {
        return settings;
    }

    public RedisConnections redis() {
        return redis;
    }

    /** The purposes that are connected. */
    public Set<RedisPurpose> purposes() {
        return Set.copyOf(redisPurposes);
    }

    /** What reads and writes JSON, where JSON-B is. */
    public Optional<JsonMapper> json() {
        return Optional.ofNullable(json);
    }

    public SessionRepository sessions() {
        return sessionRepository;
    }

    public ClientAddressResolver addresses() {
        return addresses;
    }

    public LimitEngine limiter() {
        return limiter;
    }

    public LoginEngine guard() {
        return guard;
    }

    /** The cache, unless it is off. */
    public Optional<DefaultCacheManager> cache() {
        return Optional.ofNullable(cache);
    }

    /** Work that runs on one node at a time; off with the cache. */
    public Optional<RedisJobs> jobs() {
        return Optional.ofNullable(jobs);
    }

    /** What an operator can see and do. */
    public Operations operator() {
        return operations;
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
        redis.close();
    }
}
