package io.gatehouse.internal.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A cached value with its expiry times, its tags and its origin. Immutable.
 *
 * @param value null records that the source has no value
 * @param freshUntil when the value becomes stale, in milliseconds since 1970
 * @param usableUntil when the value may no longer be used, even if the loader fails; same unit
 * @param refreshAt when the value is reloaded in the background although it is still fresh; same unit
 * @param tags the names by which it can be invalidated
 * @param identity the MAC at the end of its encoded form, unique for each entry
 * @param weight the length of its encoded form in bytes; 0 if it was not encoded
 * @param generation the generation of the first level in which it was read; entries of an earlier generation are not trusted,
 *     because an invalidation message may have been missed since
 */
record CacheEntry(
        @Nullable Object value,
        long freshUntil,
        long usableUntil,
        long refreshAt,
        List<String> tags,
        byte[] identity,
        int weight,
        long generation) {

    /**
     * Returns an entry for a new value.
     *
     * <p>The TTL of the region is shortened by a random part of up to a tenth, so that entries that were created together do not
     * expire together. An explicit TTL is exact; there the random part only delays the reload in the background, which starts
     * after eight to nine tenths of the TTL. An absence is kept for the negative TTL if that is shorter.
     *
     * @param explicit how long the value is fresh; empty for the setting of the region
     */
    static CacheEntry of(
            @Nullable Object value,
            List<String> tags,
            RegionSettings settings,
            Optional<Duration> explicit,
            long now,
            long generation) {
        double random = 0.1 * ThreadLocalRandom.current().nextDouble();
        long exact = explicit.map(Duration::toMillis).orElse(Long.MAX_VALUE);
        long ttl = explicit.isPresent() ? exact : shortened(settings.ttl(), random);
        if (value == null) {
            ttl = Math.min(exact, shortened(settings.negativeTtl(), random));
        }
        long keep =
                value == null ? ttl : Math.max(ttl, settings.staleIfErrorTtl().toMillis());
        long refresh = explicit.isPresent() ? (long) (ttl * (0.8 + random)) : ttl * 8 / 10;
        return new CacheEntry(value, now + ttl, now + keep, now + refresh, tags, new byte[0], 0, generation);
    }

    private static long shortened(Duration time, double part) {
        long whole = time.toMillis();
        return Math.max(1, whole - (long) (whole * part));
    }

    boolean isFresh(long now) {
        return now < freshUntil;
    }

    /** Returns whether the entry is fresh without the extension of {@link #freshUntil(long)}, which moves both ends to one time. */
    boolean isWithinTtl(long now) {
        return isFresh(now) && refreshAt < freshUntil;
    }

    boolean isUsable(long now) {
        return now < usableUntil;
    }

    CacheEntry withGeneration(long newGeneration) {
        return new CacheEntry(value, freshUntil, usableUntil, refreshAt, tags, identity, weight, newGeneration);
    }

    CacheEntry withValue(Object newValue) {
        return new CacheEntry(newValue, freshUntil, usableUntil, refreshAt, tags, identity, weight, generation);
    }

    CacheEntry usableAtLeastUntil(long time) {
        return new CacheEntry(
                value, freshUntil, Math.max(usableUntil, time), refreshAt, tags, identity, weight, generation);
    }

    /** Returns the entry with its freshness extended, at most to {@code usableUntil}; for use while reloading fails. */
    CacheEntry freshUntil(long time) {
        long end = Math.min(usableUntil, Math.max(freshUntil, time));
        return new CacheEntry(value, end, usableUntil, Math.max(refreshAt, time), tags, identity, weight, generation);
    }
}
