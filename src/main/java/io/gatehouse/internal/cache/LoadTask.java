package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.internal.cache.RedisCacheStore.Acquired;
import io.gatehouse.internal.cache.RedisCacheStore.AlreadyLoaded;
import io.gatehouse.internal.cache.RedisCacheStore.Found;
import io.gatehouse.internal.cache.RedisCacheStore.LoadLock;
import io.gatehouse.internal.cache.RedisCacheStore.LockedElsewhere;
import io.gatehouse.internal.serialization.NotStorableException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One search for one entry on this node, for everybody who asks meanwhile: in Redis, then by waiting for another node that
 * loads it, then by the loader. Who waits for another node does so for half of its time, and loads for itself then.
 */
final class LoadTask implements Runnable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final System.Logger LOG = System.getLogger(LoadTask.class.getName());

    private final DefaultCacheRegion region;
    private final String key;
    private final List<String> tags;
    private final CacheLoader<?> loader;
    private final long patienceMillis;
    private final long begun;
    private final long stamp;
    private final long generation;
    private final CompletableFuture<CacheEntry> result = new CompletableFuture<>();
    private volatile @Nullable CacheEntry old;
    private volatile byte[] identity = new byte[0];
    private volatile @Nullable Thread worker;

    /** @param old from this process: too old, or not trusted */
    LoadTask(
            DefaultCacheRegion region,
            String key,
            List<String> tags,
            CacheLoader<?> loader,
            @Nullable CacheEntry old,
            @Nullable Duration timeout) {
        this.region = region;
        this.key = key;
        this.tags = tags;
        this.loader = loader;
        this.old = old;
        this.identity = old == null ? identity : old.identity();
        this.patienceMillis = (timeout == null ? region.settings.load() : timeout).toMillis() / 2;
        this.begun = region.clock.millis();
        this.stamp = region.first.stamp(key);
        this.generation = region.coherence.generation();
    }

    CompletableFuture<CacheEntry> result() {
        return result;
    }

    /** An older value that may be used where loading fails or takes long, if there is one. */
    @Nullable
    CacheEntry staleEntry() {
        CacheEntry found = old;
        return found != null && found.isUsable(region.clock.millis()) && !isOutdated() ? found : null;
    }

    /** Whether something was invalidated since it began; who asks after that must not get what was loaded before. */
    boolean isOutdated() {
        return region.first.stamp(key) != stamp;
    }

    boolean isOverdue() {
        return region.clock.millis() - begun > region.settings.load().toMillis();
    }

    /** A loader that asks for what it loads would wait for itself. */
    void requireOtherThread() {
        if (worker == Thread.currentThread() && !result.isDone()) {
            throw new IllegalStateException("the loader of a value in region " + region.settings.name()
                    + " asks the cache for that same value");
        }
    }

    /** Looks into Redis; says whether that was all. */
    boolean findInRedis() {
        worker = Thread.currentThread();
        try {
            return take(region.store.find(region.settings.name(), key, tags));
        } catch (GatehouseException e) {
            return false; // the loader will do
        } catch (RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            worker = null;
        }
    }

    /** Looks into Redis, then does the rest. */
    void findAnywhere() {
        if (!findInRedis()) {
            run();
        }
    }

    private boolean take(Found found) {
        CacheEntry cacheEntry = region.noted(found);
        identity = found.identity();
        if (cacheEntry == null) {
            CacheEntry ours = old;
            if (ours != null && ours.generation() != generation) {
                old = null; // it may have been invalidated, and the message missed
            }
            return false;
        }
        if (cacheEntry.isFresh(region.clock.millis())) {
            region.counters.secondLevelHits.increment();
            finish(cacheEntry.in(generation));
            return true;
        }
        old = cacheEntry.in(generation);
        return false;
    }

    @Override
    public void run() {
        worker = Thread.currentThread();
        try {
            region.counters.misses.increment();
            byte[] token = HexFormat.of().formatHex(random()).getBytes(StandardCharsets.US_ASCII);
            LoadLock loadLock = lease(token);
            if (!(loadLock instanceof AlreadyLoaded alreadyLoaded) || !take(alreadyLoaded.found())) {
                if (loadLock instanceof LockedElsewhere && staleEntry() != null) {
                    keepOld(); // somebody else is at it
                } else {
                    load(loadLock instanceof Acquired acquired ? acquired.token() : null);
                }
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Null where Redis is away. */
    private @Nullable LoadLock lease(byte[] token) {
        long until = begun + patienceMillis;
        try {
            while (true) {
                LoadLock loadLock = region.store.lease(region.settings, key, tags, token, identity);
                if (!(loadLock instanceof LockedElsewhere)
                        || staleEntry() != null
                        || region.clock.millis() >= until
                        || Thread.currentThread().isInterrupted()) { // such a thread would not pause
                    return loadLock;
                }
                LockSupport.parkNanos(
                        PAUSE.toNanos() / 2 + ThreadLocalRandom.current().nextLong(PAUSE.toNanos()));
            }
        } catch (GatehouseException e) {
            return null;
        }
    }

    private void load(byte @Nullable [] token) {
        long start = System.nanoTime();
        Object value;
        try {
            value = loader.load();
        } catch (Throwable e) { // whatever an application throws, nobody must wait for ever
            region.counters.loadFailures.increment();
            releaseLock(token);
            CacheEntry stale = staleEntry();
            if (stale == null || e instanceof Error) {
                result.completeExceptionally(
                        new CacheLoadFailedException("the loader of region " + region.settings.name() + " failed", e));
                leave();
            } else {
                LOG.log(System.Logger.Level.DEBUG, "a loader failed, an older value is used: {0}", e.toString());
                keepOld();
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        region.counters.loads.increment();
        region.counters.loadMicros.add((System.nanoTime() - start) / 1000);
        finish(store(region.entry(value, tags).in(generation), token));
    }

    /** An entry that cannot be stored anywhere is good for who waits. */
    private CacheEntry store(CacheEntry cacheEntry, byte @Nullable [] token) {
        try {
            EntryCodec.Sealed sealed =
                    region.envelope.seal(region.settings.name(), key, cacheEntry, region.settings.compress());
            if (token != null) {
                long left = cacheEntry.keepUntil() - region.clock.millis();
                boolean unused = region.store.fill(region.settings, key, token, sealed.bytes(), Math.max(1, left));
            }
            return sealed.entry();
        } catch (NotStorableException e) {
            region.counters.notStored.increment();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a value of region {0} cannot be cached: {1}",
                    region.settings.name(),
                    e.getMessage());
            releaseLock(token);
        } catch (GatehouseException e) {
            region.counters.notStored.increment(); // full, or away
        }
        return cacheEntry;
    }

    private void releaseLock(byte @Nullable [] token) {
        if (token != null) {
            try {
                region.store.release(region.settings, key, token);
            } catch (GatehouseException e) {
                // it ends by itself
            }
        }
    }

    /** The older value holds for a while, so that not everybody tries at once. */
    private void keepOld() {
        CacheEntry stale = staleEntry();
        if (stale != null) {
            region.counters.staleServed.increment();
            finish(stale.until(region.clock.millis() + region.settings.retry().toMillis())
                    .in(generation));
        }
    }

    private void finish(CacheEntry cacheEntry) {
        if (cacheEntry.weight() > 0 && !isOverdue()) {
            region.first.admit(key, cacheEntry, stamp);
        }
        result.complete(cacheEntry);
        leave();
    }

    void fail(Throwable cause) {
        CacheEntry stale = staleEntry();
        if (stale != null && !(cause instanceof Error)) {
            keepOld();
        } else {
            result.completeExceptionally(new CacheLoadFailedException("a value could not be loaded", cause));
            leave();
        }
    }

    private void leave() {
        worker = null;
        region.loads.remove(key, this);
    }

    private static byte[] random() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
