package io.gatehouse.internal.wiring;

import io.gatehouse.Gatehouse;
import io.gatehouse.RedisClient;
import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheInvalidator;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.internal.health.HealthReport;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.session.SessionManager;
import io.gatehouse.warmup.Warmer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import redis.clients.jedis.UnifiedJedis;

/** The CDI producers of the Gatehouse API, and of what the beans of Gatehouse need. */
@ApplicationScoped
public class GatehouseBeans {

    @Produces
    @Dependent
    Gatehouse running() {
        return gatehouse();
    }

    @Produces
    @Dependent
    SessionManager sessionManager() {
        return gatehouse().sessionManager();
    }

    @Produces
    @Dependent
    HealthReport healthReport() {
        return gatehouse().health();
    }

    @Produces
    @Dependent
    RateLimiter rateLimiter() {
        return gatehouse().rateLimiter();
    }

    @Produces
    @Dependent
    LoginGuard loginGuard() {
        return gatehouse().loginGuard();
    }

    @Produces
    @Dependent
    CacheManager cacheManager() {
        return gatehouse().cache();
    }

    @Produces
    @Dependent
    CacheInvalidator cacheInvalidator() {
        return gatehouse().cache().invalidator();
    }

    @Produces
    @Dependent
    Jobs jobs() {
        return gatehouse().jobs();
    }

    @Produces
    @Dependent
    Warmer warmer() {
        return gatehouse().warmer();
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.CACHE)
    UnifiedJedis cacheRedis() {
        return gatehouse().redis(RedisPurpose.CACHE);
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.SESSIONS)
    UnifiedJedis sessionRedis() {
        return gatehouse().redis(RedisPurpose.SESSIONS);
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.RATE_LIMIT)
    UnifiedJedis rateLimitRedis() {
        return gatehouse().redis(RedisPurpose.RATE_LIMIT);
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.CACHE_WARMING)
    UnifiedJedis cacheWarmingRedis() {
        return gatehouse().redis(RedisPurpose.CACHE_WARMING);
    }

    private static GatehouseRuntime gatehouse() {
        return GatehouseRuntime.current()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "Gatehouse is disabled in this application; set GATEHOUSE_ENABLED to True to inject its beans"));
    }
}
