package io.gatehouse.internal.cache.cdi;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.InvalidatesCache;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import org.jspecify.annotations.Nullable;

/** The interceptor of {@link InvalidatesCache} methods. Created by CDI. Thread-safe. */
@Interceptor
@InvalidatesCache
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 5)
public class InvalidatesCacheInterceptor {
    @Inject
    CacheManager cache;

    /**
     * Calls the method, then invalidates the key and the tags of its annotation.
     *
     * @throws Exception if the method throws; nothing is invalidated then
     */
    @AroundInvoke
    public @Nullable Object invalidate(InvocationContext call) throws Exception {
        InvalidatesCache binding = CacheKeyTemplate.binding(InvalidatesCache.class, call);
        Object result = call.proceed();
        if (!binding.key().isEmpty()) {
            cache.region(binding.region()).remove(CacheKeyTemplate.fill(binding.key(), call));
        }
        CacheKeyTemplate.fill(binding.tags(), call).forEach(cache.invalidator()::invalidateByTag);
        return result;
    }
}
