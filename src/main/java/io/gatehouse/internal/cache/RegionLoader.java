package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.internal.tracing.Span;
import io.gatehouse.internal.tracing.TracedOperation;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Loads the values of one region: runs one {@link LoadTask} for each key at a time, whose result all callers get. Thread-safe. */
final class RegionLoader {
    /**
     * Callers that wait at least this long read Redis in their own thread, which saves a thread switch. For others another thread
     * does, so that a slow Redis cannot delay the caller.
     */
    private static final Duration MIN_WAIT_FOR_CALLER_THREAD = Duration.ofSeconds(1);

    private final DefaultCacheRegion region;
    private final Executor executor;
    private final ConcurrentMap<String, LoadTask> loads = new ConcurrentHashMap<>();

    RegionLoader(DefaultCacheRegion region, Executor executor) {
        this.region = region;
        this.executor = executor;
    }

    /**
     * Returns the value of a key from Redis or from the loader, or a stale value if it may be used.
     *
     * @param old the entry of the first level, stale or not trusted; null for none
     */
    @Nullable
    Object load(String key, @Nullable CacheEntry old, CacheLoader<?> loader, LoadOptions options) {
        Duration wait = options.waitAtMost().orElse(region.settings.loadTimeout());
        LoadTask mine = new LoadTask(region, key, CacheKeys.tags(options.tags()), loader, old, options);
        LoadTask loadTask = loads.compute(
                key,
                (same, running) -> running == null || running.isOverdue() || running.isOutdated() ? mine : running);
        if (loadTask != mine) {
            loadTask.requireOtherThread();
            return await(loadTask, wait);
        }
        boolean inCaller = options.isInCallerThread();
        boolean here = inCaller || wait.compareTo(MIN_WAIT_FOR_CALLER_THREAD) >= 0;
        if (here && mine.findInRedis()) {
            return mine.result().join().value();
        }
        if (inCaller) {
            mine.run();
        } else {
            try {
                executor.execute(here ? mine : mine::findOrLoad);
            } catch (RuntimeException e) {
                mine.fail(e);
            }
        }
        return await(mine, wait);
    }

    private @Nullable Object await(LoadTask loadTask, Duration limit) {
        boolean hasStale =
                loadTask.staleEntry() != null && region.settings.softTimeout().compareTo(limit) < 0;
        try {
            return loadTask.result()
                    .get(hasStale ? region.settings.softTimeout().toMillis() : limit.toMillis(), TimeUnit.MILLISECONDS)
                    .value();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CacheLoadFailedException failed
                    ? new CacheLoadFailedException(String.valueOf(failed.getMessage()), failed.getCause())
                    : new CacheLoadFailedException(
                            "Could not load a value of region " + region.settings.name(), e.getCause());
        } catch (TimeoutException e) {
            CacheEntry stale = loadTask.staleEntry();
            if (stale != null) {
                region.counters.staleServed.increment();
                return stale.value();
            }
            throw new CacheLoadFailedException("No value of region " + region.settings.name() + " within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheLoadFailedException(
                    "Interrupted while waiting for a value of region " + region.settings.name(), e);
        }
    }

    /** Reloads an entry in the background, unless its key is being loaded. */
    void refresh(String key, CacheEntry entry, CacheLoader<?> loader, LoadOptions options) {
        LoadTask mine = new LoadTask(region, key, entry.tags(), loader, entry, options);
        if (loads.putIfAbsent(key, mine) == null) {
            try {
                executor.execute(mine);
            } catch (RuntimeException e) {
                mine.fail(e);
            }
        }
    }

    /** Calls a loader, within a span. */
    @Nullable
    Object call(CacheLoader<?> loader) throws Exception {
        try (Span span = region.tracing.start(TracedOperation.CACHE_LOAD)) {
            span.set("gatehouse.cache.region", region.settings.name());
            try {
                return loader.load();
            } catch (Throwable e) {
                span.failed(e);
                throw e;
            }
        }
    }

    /** Lets later callers start a task of their own. */
    void unregister(String key, LoadTask loadTask) {
        loads.remove(key, loadTask);
    }
}
