package io.gatehouse.cache;

import io.gatehouse.cache.CacheStore.Filled;
import io.gatehouse.cache.CacheStore.Found;
import io.gatehouse.cache.CacheStore.Granted;
import io.gatehouse.cache.CacheStore.Held;
import io.gatehouse.cache.CacheStore.Lease;
import io.gatehouse.config.GatehouseException;
import io.gatehouse.values.NotStorable;
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
final class Load implements Runnable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final System.Logger LOG = System.getLogger(Load.class.getName());

    private final DefaultCacheRegion region;
    private final String key;
    private final List<String> tags;
    private final CacheLoader<?> loader;
    private final long patienceMillis;
    private final long begun;
    private final long stamp;
    private final long generation;
    private final CompletableFuture<Entry> result = new CompletableFuture<>();
    private volatile @Nullable Entry old;
    private volatile byte[] identity = new byte[0];
    private volatile @Nullable Thread worker;

    /** @param old from this process: too old, or not trusted */
    Load(
            DefaultCacheRegion region,
            String key,
            List<String> tags,
            CacheLoader<?> loader,
            @Nullable Entry old,
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

    CompletableFuture<Entry> result() {
        return result;
    }

    /** An older value that may be used where loading fails or takes long, if there is one. */
    @Nullable
    Entry stale() {
        Entry found = old;
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
        Entry entry = region.noted(found);
        identity = found.identity();
        if (entry == null) {
            Entry ours = old;
            if (ours != null && ours.generation() != generation) {
                old = null; // it may have been invalidated, and the message missed
            }
            return false;
        }
        if (entry.isFresh(region.clock.millis())) {
            region.counters.secondLevelHits.increment();
            finish(entry.in(generation));
            return true;
        }
        old = entry.in(generation);
        return false;
    }

    @Override
    public void run() {
        worker = Thread.currentThread();
        try {
            region.counters.misses.increment();
            byte[] token = HexFormat.of().formatHex(random()).getBytes(StandardCharsets.US_ASCII);
            Lease lease = lease(token);
            if (!(lease instanceof Filled filled) || !take(filled.found())) {
                if (lease instanceof Held && stale() != null) {
                    keepOld(); // somebody else is at it
                } else {
                    load(lease instanceof Granted granted ? granted.token() : null);
                }
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Null where Redis is away. */
    private @Nullable Lease lease(byte[] token) {
        long until = begun + patienceMillis;
        try {
            while (true) {
                Lease lease = region.store.lease(region.settings, key, tags, token, identity);
                if (!(lease instanceof Held)
                        || stale() != null
                        || region.clock.millis() >= until
                        || Thread.currentThread().isInterrupted()) { // such a thread would not pause
                    return lease;
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
            giveBack(token);
            Entry stale = stale();
            if (stale == null || e instanceof Error) {
                result.completeExceptionally(
                        new CacheLoadFailed("the loader of region " + region.settings.name() + " failed", e));
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
    private Entry store(Entry entry, byte @Nullable [] token) {
        try {
            Envelope.Sealed sealed =
                    region.envelope.seal(region.settings.name(), key, entry, region.settings.compress());
            if (token != null) {
                long left = entry.keepUntil() - region.clock.millis();
                boolean unused = region.store.fill(region.settings, key, token, sealed.bytes(), Math.max(1, left));
            }
            return sealed.entry();
        } catch (NotStorable e) {
            region.counters.notStored.increment();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a value of region {0} cannot be cached: {1}",
                    region.settings.name(),
                    e.getMessage());
            giveBack(token);
        } catch (GatehouseException e) {
            region.counters.notStored.increment(); // full, or away
        }
        return entry;
    }

    private void giveBack(byte @Nullable [] token) {
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
        Entry stale = stale();
        if (stale != null) {
            region.counters.staleServed.increment();
            finish(stale.until(region.clock.millis() + region.settings.retry().toMillis())
                    .in(generation));
        }
    }

    private void finish(Entry entry) {
        if (entry.weight() > 0 && !isOverdue()) {
            region.first.admit(key, entry, stamp);
        }
        result.complete(entry);
        leave();
    }

    void fail(Throwable cause) {
        Entry stale = stale();
        if (stale != null && !(cause instanceof Error)) {
            keepOld();
        } else {
            result.completeExceptionally(new CacheLoadFailed("a value could not be loaded", cause));
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
