package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.cache.LoadOptions;
import io.gatehouse.internal.cache.EntryReader.Found;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.serialization.NotStorableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes the entries of one region: in Redis, which makes other nodes drop their copies, then in the first level of this node.
 *
 * <p>Entries are signed, and Redis has no key, so a change that depends on the present value is optimistic: read and verify the
 * entry, sign its successor, and let {@code replace.lua} store that if Redis still has the entry that was read. Otherwise the
 * script returns what is stored now, and the change starts again from there. Thread-safe.
 */
final class RegionWriter {
    /** The longest time that a change is tried again because other callers change the same key. */
    private static final Duration CONTENTION_LIMIT = Duration.ofSeconds(5);

    private static final long LONGEST_PAUSE_NANOS = 5_000_000;
    private static final int BATCH = BatchLookup.BATCH;

    private final DefaultCacheRegion region;

    RegionWriter(DefaultCacheRegion region) {
        this.region = region;
    }

    /**
     * Encodes a value, so that it can be stored.
     *
     * @throws IllegalArgumentException if the key is invalid or the value cannot be serialized
     */
    PendingPut prepare(String key, @Nullable Object value, LoadOptions options) {
        CacheKeys.checked(key);
        return encode(key, region.newEntry(value, CacheKeys.tags(options.tags()), options.ttl()));
    }

    private PendingPut encode(String key, CacheEntry entry) {
        RegionSettings settings = region.settings();
        long changeCount = region.localCache.changeCount(key);
        try {
            EntryCodec.Encoded encoded = region.codec.encode(settings.name(), key, entry, settings.compress());
            long left = entry.usableUntil() - region.clock.millis();
            return new PendingPut(region, key, encoded, changeCount, Math.max(1, left));
        } catch (NotStorableException e) {
            throw new IllegalArgumentException("Cannot cache a value of region " + settings.name(), e);
        }
    }

    /**
     * Stores entries of any regions of one cache, in one round trip for each {@link BatchLookup#BATCH} of them.
     *
     * @throws GatehouseException if some could not be stored; later ones were not tried if they are of another batch
     */
    static void store(RedisCacheStore store, List<PendingPut> puts) {
        for (int from = 0; from < puts.size(); from += BATCH) {
            List<PendingPut> batch = puts.subList(from, Math.min(puts.size(), from + BATCH));
            List<Response<Long>> replies = store.put(batch);
            GatehouseException fault = null;
            for (int i = 0; i < batch.size(); i++) {
                try {
                    long unused = replies.get(i).get();
                    batch.get(i).stored();
                } catch (GatehouseException e) {
                    batch.get(i).failed();
                    fault = fault == null ? e : fault;
                }
            }
            if (fault != null) {
                throw fault;
            }
        }
    }

    boolean remove(String key) {
        region.localCache.invalidate(CacheKeys.checked(key));
        try {
            return region.store.remove(region.settings(), key) > 0;
        } finally {
            region.localCache.invalidate(key);
        }
    }

    boolean add(String key, @Nullable Object value, Duration ttl) {
        CacheKeys.checked(key);
        Optional<Duration> kept = LoadOptions.defaults().ttl(ttl).ttl();
        return replace(
                        key,
                        Found.NOTHING, // an entry in Redis differs from that, so the script returns it
                        present -> present == null ? region.newEntry(value, List.of(), kept) : null)
                != null;
    }

    boolean touch(String key, Duration ttl) {
        CacheKeys.checked(key);
        Optional<Duration> kept = LoadOptions.defaults().ttl(ttl).ttl();
        return replace(
                        key,
                        find(key),
                        present -> present == null
                                ? null
                                : region.newEntry(present.value(), present.tags(), kept)
                                        .usableAtLeastUntil(present.usableUntil()))
                != null;
    }

    long increment(String key, long delta, LoadOptions options) {
        CacheKeys.checked(key);
        CacheEntry result = replace(
                key,
                find(key),
                present -> present == null
                        ? region.newEntry(delta, List.of(), options.ttl())
                        : present.withValue(sum(present.value(), delta)));
        if (result == null || !(result.value() instanceof Long number)) {
            throw new IllegalStateException("A counter was replaced by something else");
        }
        return number;
    }

    private long sum(@Nullable Object value, long delta) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            try {
                return Math.addExact(((Number) value).longValue(), delta);
            } catch (ArithmeticException e) {
                throw new ArithmeticException("The number in region " + region.name() + " plus " + delta
                        + " is not within the range of long; expected a smaller change");
            }
        }
        throw new IllegalStateException("The value in region " + region.name() + " is of "
                + (value == null ? null : value.getClass())
                + "; increment needs a Long, Integer, Short or Byte. Use another key, or remove this one first");
    }

    private Found find(String key) {
        return region.countUnreadable(region.reader.find(region.name(), key, List.of()));
    }

    /**
     * Replaces an entry by what a function makes of it. Entries that have expired, are unreadable or record an absence are null
     * for the function.
     *
     * @param found what Redis has, as far as is known
     * @param change may be called several times; returns null to leave the entry as it is
     * @return the new entry, or null if the function returned null
     * @throws RedisUnavailableException if Redis does not answer in time, or if other callers change the entry all the time
     */
    private @Nullable CacheEntry replace(String key, Found found, UnaryOperator<@Nullable CacheEntry> change) {
        long start = System.nanoTime();
        Found current = found;
        for (int attempt = 0; ; attempt++) {
            CacheEntry next = change.apply(present(current));
            if (next == null) {
                return null;
            }
            PendingPut put = encode(key, next);
            Optional<Found> other;
            try {
                other = region.store.replace(put, current.identity());
            } catch (GatehouseException e) {
                put.failed();
                throw e;
            }
            if (other.isEmpty()) {
                put.stored();
                return put.encoded().entry();
            }
            if (System.nanoTime() - start > CONTENTION_LIMIT.toNanos()) {
                throw new RedisUnavailableException(
                        Reason.BUSY,
                        "An entry of region " + region.name() + " is changed by others all the time; gave up after "
                                + CONTENTION_LIMIT.toSeconds() + " s. Spread the changes over several keys",
                        null);
            }
            if (attempt > 0) { // the first answer to add is not a sign of contention
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
            }
            current = region.countUnreadable(other.get());
        }
    }

    private @Nullable CacheEntry present(Found found) {
        CacheEntry entry = found.entry();
        return entry != null && entry.value() != null && entry.isFresh(region.clock.millis()) ? entry : null;
    }
}
