package io.gatehouse;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.session.SessionManager;
import io.gatehouse.warmup.Warmer;
import jakarta.servlet.ServletContext;
import java.util.Optional;
import java.util.ServiceLoader;
import redis.clients.jedis.UnifiedJedis;

/**
 * Gatehouse in one application: the way to its services where CDI cannot inject them. Thread-safe.
 *
 * <p>A servlet container that scans for {@code ServletContainerInitializer} starts Gatehouse by itself:
 *
 * <pre>{@code
 * SessionManager sessions = Gatehouse.of(request.getServletContext()).orElseThrow().sessionManager();
 * }</pre>
 *
 * <p>In an embedded server, start it with {@link #builder}.
 */
public interface Gatehouse extends AutoCloseable {

    /** Returns Gatehouse of an application, or empty if it is disabled there or has not started. */
    static Optional<Gatehouse> of(ServletContext context) {
        return context.getAttribute("io.gatehouse") instanceof Gatehouse running
                ? Optional.of(running)
                : Optional.empty();
    }

    /**
     * Returns a builder that starts Gatehouse in an embedded server.
     *
     * @throws IllegalStateException if the Gatehouse JAR is incomplete
     */
    static GatehouseBuilder builder() {
        return ServiceLoader.load(GatehouseBuilder.class, Gatehouse.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("found no implementation of "
                        + GatehouseBuilder.class.getName()
                        + "; expected its file in META-INF/services, which a merged JAR has to keep"));
    }

    /** Returns the sessions of the application. */
    SessionManager sessionManager();

    /** Returns the rate limits of the application. */
    RateLimiter rateLimiter();

    /** Returns the protection of accounts against password guessing. */
    LoginGuard loginGuard();

    /**
     * Returns the cache of the application.
     *
     * @throws IllegalStateException if {@code GATEHOUSE_CACHE_ENABLED} is false
     */
    CacheManager cache();

    /** Returns the jobs of the application, which work without the cache as well. */
    Jobs jobs();

    /**
     * Returns the object that warms the cache.
     *
     * @throws IllegalStateException if {@code GATEHOUSE_CACHE_ENABLED} is false, or the application has not started yet
     */
    Warmer warmer();

    /**
     * Returns the Redis client of one purpose, for commands of the application's own:
     *
     * <pre>{@code
     * UnifiedJedis redis = gatehouse.redis(RedisPurpose.CACHE);
     * redis.setex("shop:exchange-rate", 60, "1.0843");
     * }</pre>
     *
     * <p>It uses the settings, connections, circuit breakers and deadline of Gatehouse on standalone servers, behind Sentinel
     * and on clusters. It throws the exceptions of Jedis: a {@code JedisConnectionException} if Redis is unavailable. Gatehouse
     * owns it, so {@code close} has no effect on it. The application must not change keys that start with {@code gatehouse:}
     * ({@code GATEHOUSE_KEY_PREFIX}), nor flush a database that holds them.
     *
     * @throws IllegalStateException if {@code GATEHOUSE_CACHE_ENABLED} is false and the purpose is {@link RedisPurpose#CACHE}
     */
    UnifiedJedis redis(RedisPurpose redisPurpose);

    /**
     * Stops Gatehouse: new requests are answered 503, background runs are returned to the queue, and the connections to Redis are
     * closed. Takes at most five seconds. The container calls it when the application stops; a second call has no effect.
     */
    @Override
    void close();
}
