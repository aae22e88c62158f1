package io.gatehouse.internal.cache.cdi;

import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.Cached;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.internal.cache.CacheSettings;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The interceptor of {@link Cached} methods, which returns cached results. Created by CDI. Thread-safe. */
@Interceptor
@Cached
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 10)
public class CachedInterceptor {
    @Inject
    CacheManager cache;

    /**
     * Returns the cached result, or calls the method and caches its result.
     *
     * @throws Exception if the method throws and no stale result may be returned
     */
    @AroundInvoke
    public @Nullable Object cached(InvocationContext call) throws Exception {
        Cached binding = CacheKeyTemplate.binding(Cached.class, call);
        try {
            return cache.region(binding.region())
                    .<Object>getOrSet(
                            CacheKeyTemplate.fill(binding.key(), call), call::proceed, options(binding, call));
        } catch (CacheLoadFailedException e) {
            if (e.getCause() instanceof Exception thrown && !(thrown instanceof TimeoutException)) {
                throw thrown;
            }
            throw e;
        }
    }

    private static LoadOptions options(Cached binding, InvocationContext call) {
        LoadOptions options = LoadOptions.defaults()
                .tags(CacheKeyTemplate.fill(binding.tags(), call))
                .inCallerThread();
        if (binding.ttl().isEmpty()) {
            return options;
        }
        Duration kept;
        try {
            kept = CacheSettings.time(binding.ttl());
        } catch (IllegalArgumentException e) {
            throw invalidTtl(binding, call, "expected " + e.getMessage(), e);
        }
        try {
            return options.ttl(kept);
        } catch (IllegalArgumentException e) {
            throw invalidTtl(binding, call, e.getMessage(), e);
        }
    }

    private static IllegalArgumentException invalidTtl(
            Cached binding, InvocationContext call, @Nullable String problem, Exception cause) {
        return new IllegalArgumentException(
                "@Cached of " + call.getMethod() + " has the ttl \"" + binding.ttl() + "\": " + problem, cause);
    }
}
