package io.gatehouse.internal.wiring;

import io.gatehouse.Gatehouse;
import io.gatehouse.RedisClient;
import io.gatehouse.RedisPurpose;
import io.gatehouse.cache.CacheInvalidator;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.internal.health.HealthReport;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.jobs.Jobs;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.session.SessionManager;
import io.gatehouse.warmup.Warmer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.servlet.ServletContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * The CDI producers of the Gatehouse API, and of what the beans of Gatehouse need. A bean of an application gets the objects of that
 * application. A bean in a library that several applications share gets objects that look for the application at each call.
 */
@ApplicationScoped
public class GatehouseBeans {
    private static final System.Logger LOG = System.getLogger(GatehouseBeans.class.getName());

    /**
     * Reports a server that does not start Gatehouse from this library. The event is that of an EAR, for whose WARs nothing else of Gatehouse may
     * be called.
     */
    static void onStart(@Observes @Initialized(ApplicationScoped.class) Object event) {
        if (!(event instanceof ServletContext)
                && RunningApplications.areClassesShared()
                && Container.ignoresSharedInitializers()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Gatehouse is in a library that several WARs share, and Open Liberty does not start it from there: it guards no WAR that does"
                            + " not call Gatehouse.builder().start(servletContext) in a ServletContextListener. Put the JAR and its libraries into"
                            + " WEB-INF/lib of each WAR instead");
        }
    }

    @Produces
    @Dependent
    Gatehouse running(InjectionPoint target) {
        return part(target, Gatehouse.class, gatehouse -> gatehouse);
    }

    @Produces
    @Dependent
    SessionManager sessionManager(InjectionPoint target) {
        return part(target, SessionManager.class, Gatehouse::sessionManager);
    }

    @Produces
    @Dependent
    RateLimiter rateLimiter(InjectionPoint target) {
        return part(target, RateLimiter.class, Gatehouse::rateLimiter);
    }

    @Produces
    @Dependent
    LoginGuard loginGuard(InjectionPoint target) {
        return part(target, LoginGuard.class, Gatehouse::loginGuard);
    }

    @Produces
    @Dependent
    CacheManager cacheManager(InjectionPoint target) {
        return part(target, CacheManager.class, Gatehouse::cache);
    }

    @Produces
    @Dependent
    CacheInvalidator cacheInvalidator(InjectionPoint target) {
        return part(
                target, CacheInvalidator.class, gatehouse -> gatehouse.cache().invalidator());
    }

    @Produces
    @Dependent
    Jobs jobs(InjectionPoint target) {
        return part(target, Jobs.class, Gatehouse::jobs);
    }

    @Produces
    @Dependent
    Warmer warmer(InjectionPoint target) {
        return part(target, Warmer.class, Gatehouse::warmer);
    }

    /** A server may ask for its health on a thread of no application; it then gets that of any. */
    @Produces
    @Dependent
    HealthReport healthReport() {
        return RunningApplications.any().health();
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.CACHE)
    UnifiedJedis cacheRedis(InjectionPoint target) {
        return redis(target, RedisPurpose.CACHE);
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.SESSIONS)
    UnifiedJedis sessionRedis(InjectionPoint target) {
        return redis(target, RedisPurpose.SESSIONS);
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.RATE_LIMIT)
    UnifiedJedis rateLimitRedis(InjectionPoint target) {
        return redis(target, RedisPurpose.RATE_LIMIT);
    }

    @Produces
    @Dependent
    @RedisClient(RedisPurpose.CACHE_WARMING)
    UnifiedJedis cacheWarmingRedis(InjectionPoint target) {
        return redis(target, RedisPurpose.CACHE_WARMING);
    }

    private static <T> T part(@Nullable InjectionPoint target, Class<T> type, Function<GatehouseRuntime, T> part) {
        return isForOneApplication(target)
                ? part.apply(RunningApplications.require())
                : PerApplication.part(type, part);
    }

    /** A client is an object of one application's connections, and cannot look for the application at each call. */
    private static UnifiedJedis redis(@Nullable InjectionPoint target, RedisPurpose purpose) {
        if (!isForOneApplication(target)) {
            throw new IllegalStateException(
                    "a bean in a library that several applications share cannot have a Redis client injected;"
                            + " inject Gatehouse, and call its method redis in each request");
        }
        return RunningApplications.require().redis(purpose);
    }

    private static boolean isForOneApplication(@Nullable InjectionPoint target) {
        return !RunningApplications.isShared() || RunningApplications.isOfThisThread(loaderOf(target));
    }

    /** Returns the class loader of the bean into which an object is injected, or of another class such as a servlet, or null. */
    private static @Nullable ClassLoader loaderOf(@Nullable InjectionPoint target) {
        if (target != null && target.getBean() != null) {
            return target.getBean().getBeanClass().getClassLoader();
        }
        return target == null || target.getMember() == null
                ? null
                : target.getMember().getDeclaringClass().getClassLoader();
    }
}
