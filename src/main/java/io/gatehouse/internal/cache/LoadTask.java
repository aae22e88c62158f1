package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.cache.CacheLoadFailedException;
import io.gatehouse.cache.CacheLoader;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.internal.cache.EntryReader.Found;
import io.gatehouse.internal.cache.RedisCacheStore.Acquired;
import io.gatehouse.internal.cache.RedisCacheStore.AlreadyLoaded;
import io.gatehouse.internal.cache.RedisCacheStore.LoadLock;
import io.gatehouse.internal.cache.RedisCacheStore.LockedElsewhere;
import io.gatehouse.internal.serialization.NotStorableException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds or loads the value of one key, on behalf of all callers on this node that request it meanwhile.
 *
 * <ol>
 *   <li>It reads Redis. A fresh entry ends the task.
 *   <li>It requests the load lock, so that one caller in the cluster runs the loader. While another node holds the lock, the task
 *       returns a stale value if there is one. Otherwise it polls for half of the time that its caller waits, then runs the loader without the lock.
 *   <li>It runs the loader, stores the value if it holds the lock, and puts it into the first level. If the loader fails, a
 *       stale value is returned for {@code retry}.
 * </ol>
 *
 * <p>Invariant: a value that was read or loaded before an invalidation is never cached after it. In Redis, the load lock ensures
 * this (see {@link RedisCacheStore}); in the first level, the change count that is read at construction. Callers that arrive
 * after the invalidation start a task of their own ({@link #isOutdated}). Without Redis the task runs the loader.
 */
final class LoadTask implements Runnable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final System.Logger LOG = System.getLogger(LoadTask.class.getName());

    private final DefaultCacheRegion region;
    private final String key;
    private final List<String> tags;
    private final CacheLoader<?> loader;
    private final Optional<Duration> ttl;
    private final long lockTimeoutMillis;
    private final Duration loadTimeout;
    private final long startedAt;
    private final long changeCount;
    private final long generation;
    private final CompletableFuture<CacheEntry> result = new CompletableFuture<>();
    private volatile @Nullable CacheEntry old;
    private volatile byte[] identity = new byte[0];
    private volatile @Nullable Thread worker;

    /** @param old the entry of the first level, stale or not trusted; null for none */
    LoadTask(
            DefaultCacheRegion region,
            String key,
            List<String> tags,
            CacheLoader<?> loader,
            @Nullable CacheEntry old,
            LoadOptions options) {
        this.region = region;
        this.key = key;
        this.tags = tags;
        this.loader = loader;
        this.old = old;
        this.identity = old == null ? identity : old.identity();
        this.ttl = options.ttl();
        Duration wait = options.waitAtMost().orElse(region.settings.loadTimeout());
        this.lockTimeoutMillis = wait.toMillis() / 2;
        this.loadTimeout = wait.compareTo(region.settings.loadTimeout()) > 0 ? wait : region.settings.loadTimeout();
        this.startedAt = region.clock.millis();
        this.changeCount = region.localCache.changeCount(key);
        this.generation = region.tracker.generation();
    }

    CompletableFuture<CacheEntry> result() {
        return result;
    }

    /** Returns the stale entry to use if loading fails or is slow, or null. */
    @Nullable
    CacheEntry staleEntry() {
        CacheEntry found = old;
        return found != null && found.isUsable(region.clock.millis()) && !isOutdated() ? found : null;
    }

    /** Returns whether the key may have been invalidated since the task was created. Later callers must not join it then. */
    boolean isOutdated() {
        return region.localCache.changeCount(key) != changeCount;
    }

    /** Returns whether the loader has exceeded its timeout, so that another may start. */
    boolean isOverdue() {
        return region.clock.millis() - startedAt > loadTimeout.toMillis();
    }

    /** Throws if the calling thread runs this task: a loader that requests its own key would wait for itself. */
    void requireOtherThread() {
        if (worker == Thread.currentThread() && !result.isDone()) {
            throw new IllegalStateException(
                    "The loader of a value in region " + region.settings.name() + " requests the value that it loads");
        }
    }

    /** Reads Redis; returns whether that completed the task. */
    boolean findInRedis() {
        worker = Thread.currentThread();
        try {
            return accept(region.reader.find(region.settings.name(), key, tags));
        } catch (GatehouseException e) {
            return false; // the loader runs instead
        } catch (RuntimeException | Error e) {
            fail(e);
            throw e;
        } finally {
            worker = null;
        }
    }

    /** Reads Redis, then locks and loads if necessary. */
    void findOrLoad() {
        if (!findInRedis()) {
            run();
        }
    }

    /** Completes the task with a fresh entry and returns true; remembers a stale one and returns false. */
    private boolean accept(Found found) {
        CacheEntry entry = region.countUnreadable(found).entry();
        identity = found.identity();
        if (entry == null) {
            CacheEntry local = old;
            if (local != null && local.generation() != generation) {
                old = null; // it may have been invalidated by a message that was missed
            }
            return false;
        }
        if (entry.isFresh(region.clock.millis())) {
            region.counters.secondLevelHits.increment();
            finish(entry.withGeneration(generation));
            return true;
        }
        old = entry.withGeneration(generation);
        return false;
    }

    @Override
    public void run() {
        worker = Thread.currentThread();
        try {
            region.counters.misses.increment();
            byte[] token = HexFormat.of().formatHex(randomBytes()).getBytes(StandardCharsets.US_ASCII);
            LoadLock loadLock = acquireLock(token);
            if (!(loadLock instanceof AlreadyLoaded alreadyLoaded) || !accept(alreadyLoaded.found())) {
                if (loadLock instanceof LockedElsewhere && staleEntry() != null) {
                    serveStale(); // another node loads the value
                } else {
                    runLoader(loadLock instanceof Acquired acquired ? acquired.token() : null);
                }
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Waits for the load lock; returns null if Redis is unavailable. */
    private @Nullable LoadLock acquireLock(byte[] token) {
        long until = startedAt + lockTimeoutMillis;
        try {
            while (true) {
                LoadLock loadLock = region.store.acquireLock(
                        region.settings, key, tags, token, identity, loadTimeout, ttl.orElse(Duration.ZERO));
                if (!(loadLock instanceof LockedElsewhere)
                        || staleEntry() != null
                        || region.clock.millis() >= until
                        || Thread.currentThread().isInterrupted()) { // parkNanos would return at once
                    return loadLock;
                }
                LockSupport.parkNanos(POLL_INTERVAL.toNanos() / 2
                        + ThreadLocalRandom.current().nextLong(POLL_INTERVAL.toNanos()));
            }
        } catch (GatehouseException e) {
            return null;
        }
    }

    private void runLoader(byte @Nullable [] token) {
        long start = System.nanoTime();
        Object value;
        try {
            value = region.regionLoader.call(loader);
        } catch (Throwable e) { // whatever an application throws, waiting callers must be released
            region.counters.loadFailures.increment();
            releaseLock(token);
            CacheEntry stale = staleEntry();
            if (stale == null || e instanceof Error) {
                result.completeExceptionally(
                        new CacheLoadFailedException("The loader of region " + region.settings.name() + " failed", e));
                unregister();
            } else {
                LOG.log(System.Logger.Level.DEBUG, "A loader failed; using a stale value: {0}", e.toString());
                serveStale();
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        region.counters.loads.increment();
        region.counters.loadMicros.add((System.nanoTime() - start) / 1000);
        finish(store(region.newEntry(value, tags, ttl).withGeneration(generation), token));
    }

    /** Stores a loaded value; if that fails, the waiting callers still get it. */
    private CacheEntry store(CacheEntry entry, byte @Nullable [] token) {
        try {
            EntryCodec.Encoded encoded =
                    region.codec.encode(region.settings.name(), key, entry, region.settings.compress());
            if (token != null) {
                long left = entry.usableUntil() - region.clock.millis();
                boolean unused = region.store.fill(region.settings, key, token, encoded.bytes(), Math.max(1, left));
            }
            return encoded.entry();
        } catch (NotStorableException e) {
            region.counters.notStored.increment();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Cannot cache a value of region {0}: {1}",
                    region.settings.name(),
                    e.getMessage());
            releaseLock(token);
        } catch (GatehouseException e) {
            region.counters.notStored.increment(); // Redis is full or unavailable
        }
        return entry;
    }

    private void releaseLock(byte @Nullable [] token) {
        if (token != null) {
            try {
                region.store.release(region.settings, key, token);
            } catch (GatehouseException e) {
                // the lock expires
            }
        }
    }

    /** Completes with the stale value and uses it for {@code retry}, so that not every caller runs the failing loader. */
    private void serveStale() {
        CacheEntry stale = staleEntry();
        if (stale != null) {
            region.counters.staleServed.increment();
            finish(stale.freshUntil(
                            region.clock.millis() + region.settings.retry().toMillis())
                    .withGeneration(generation));
        }
    }

    private void finish(CacheEntry entry) {
        if (entry.weight() > 0 && !isOverdue()) {
            region.localCache.insert(key, entry, changeCount);
        }
        result.complete(entry);
        unregister();
    }

    void fail(Throwable cause) {
        CacheEntry stale = staleEntry();
        if (stale != null && !(cause instanceof Error)) {
            serveStale();
        } else {
            result.completeExceptionally(
                    new CacheLoadFailedException("Could not load a value of region " + region.settings.name(), cause));
            unregister();
        }
    }

    private void unregister() {
        worker = null;
        region.regionLoader.unregister(key, this);
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
