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

/** Answers calls of {@link Cached} methods from the cache. Made by CDI; safe for use by several threads. */
@Interceptor
@Cached
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 10)
public class CachedInterceptor {
    @Inject
    CacheManager cache;

    /**
     * The cached result, or that of the method.
     *
     * @throws Exception what the method throws
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
