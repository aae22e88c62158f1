package io.gatehouse.internal.cache.cdi;

import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.Cached;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
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
                            CacheKeyTemplate.fill(binding.key(), call),
                            CacheKeyTemplate.fill(binding.tags(), call),
                            call::proceed);
        } catch (CacheLoadFailedException e) {
            if (e.getCause() instanceof Exception thrown && !(thrown instanceof TimeoutException)) {
                throw thrown;
            }
            throw e;
        }
    }
}
