package io.gatehouse.internal.cache;

/**
 * An encoded entry that is about to be stored.
 *
 * @param changeCount the change count of the key from before the entry is sent to Redis, see {@link LocalCache}
 * @param ttlMillis the time to live in Redis, in milliseconds
 */
record PendingPut(DefaultCacheRegion region, String key, EntryCodec.Encoded encoded, long changeCount, long ttlMillis) {

    /** Puts the entry into the first level, after Redis has stored it. */
    void stored() {
        region.localCache.replace(key, encoded.entry(), changeCount);
    }

    /** Drops the copy of the first level, because it is unknown what Redis has. */
    void failed() {
        region.localCache.invalidate(key);
    }
}
