package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.EntryReader.Found;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stores the entries of the cache in Redis, and removes them; {@link EntryReader} reads them.
 *
 * <p>A <em>version</em> is a timestamp in microseconds that never decreases, as 16 digits. A stored entry is {@code <number of
 * tags> <version of each tag> <encoded entry>}. It is valid only while every tag still has the version that it had before the
 * entry's value was loaded, so invalidating a tag means increasing its version. A missing version counts as a different one.
 * An entry and the versions of its tags are in one bucket, so that one {@code MGET} reads both.
 *
 * <p>A load lock contains the versions of the tags and of the region from before the load. {@code fill.lua} stores a loaded value
 * only if the lock still exists and the region has the same version. {@code put}, {@code remove} and invalidation by pattern
 * delete the lock or increase the version, so a value that was loaded before them is never stored after them.
 *
 * <p>Scripts: {@code lock.lua}, {@code fill.lua}, {@code put.lua}, {@code replace.lua}, {@code version.lua}. Thread-safe.
 */
final class RedisCacheStore {
    /** The time to live of a sequence number after the last message of its bucket, in milliseconds. */
    private static final byte[] SEQUENCE_TTL =
            ScriptArgs.encode(Duration.ofDays(7).toMillis());

    private static final Script LOCK = Script.load(RedisCacheStore.class, "lock.lua", true);
    private static final Script FILL = Script.load(RedisCacheStore.class, "fill.lua", false);
    private static final Script PUT = Script.load(RedisCacheStore.class, "put.lua", true);
    private static final Script REPLACE = Script.load(RedisCacheStore.class, "replace.lua", false);
    private static final Script SET_VERSION = Script.load(RedisCacheStore.class, "version.lua", true);

    private final Redis redis;
    private final CacheKeys keys;
    private final EntryReader reader;
    private final String node;

    RedisCacheStore(Redis redis, CacheKeys keys, EntryReader reader, String node) {
        this.redis = redis;
        this.keys = keys;
        this.reader = reader;
        this.node = node;
    }

    /** The outcome of a request for a load lock. */
    sealed interface LoadLock {}

    /** The caller holds the lock and must load the value. */
    record Acquired(byte[] token) implements LoadLock {}

    /** Another caller holds the lock, for at most this time. */
    record LockedElsewhere(long millis) implements LoadLock {}

    /** Redis has another entry than the one that the caller found stale. */
    record AlreadyLoaded(Found found) implements LoadLock {}

    /**
     * Requests the lock to load a key.
     *
     * @param token 16 bytes that identify the caller
     * @param seen the MAC of the entry that the caller found stale; empty for none
     * @param loadTimeout the time after which another caller may get the lock
     * @param entryTtl the longest time to live that the loaded entry will have in Redis
     */
    LoadLock acquireLock(
            RegionSettings settings,
            String key,
            List<String> tags,
            byte[] token,
            byte[] seen,
            Duration loadTimeout,
            Duration entryTtl) {
        String region = settings.name();
        int bucket = keys.bucket(region, key);
        List<byte[]> names = keyNames(bucket, region, key, keys.regionVersion(bucket, region), tags);
        return redis.send(LOCK.on(RedisPurpose.CACHE)
                .keys(names)
                .args(args -> args.bytes(token)
                        .millis(loadTimeout)
                        .millis(versionTtl(settings, entryTtl).plus(loadTimeout))
                        .bytes(seen))
                .reply(reply -> {
                    ReplyReader parts = reply.list();
                    return switch (parts.count()) {
                        case 1 -> new AlreadyLoaded(reader.read(region, key, tags, parts.remainingBytes()));
                        case 2 -> new LockedElsewhere(parts.number());
                        default -> new Acquired(token);
                    };
                }));
    }

    /** Stores a loaded value and releases the lock; returns false if the lock was lost or void, so that nothing was stored. */
    boolean fill(RegionSettings settings, String key, byte[] token, byte[] bytes, long ttlMillis) {
        int bucket = keys.bucket(settings.name(), key);
        List<byte[]> names =
                keyNames(bucket, settings.name(), key, keys.regionVersion(bucket, settings.name()), List.of());
        return redis.send(FILL.on(RedisPurpose.CACHE)
                .keys(names)
                .args(args -> args.bytes(token).number(ttlMillis).bytes(bytes))
                .reply(ReplyReader::flag));
    }

    /** Releases a lock without storing a value. */
    void release(RegionSettings settings, String key, byte[] token) {
        fill(settings, key, token, new byte[0], 1);
    }

    /**
     * Stores entries and notifies all nodes, in one round trip.
     *
     * @return the outcome of each, in the order of the changes
     */
    List<Response<Long>> put(List<PendingPut> puts) {
        Pipeline pipeline = new Pipeline();
        List<Response<Long>> replies = puts.stream()
                .map(put -> pipeline.add(putCall(
                        put.region().settings(),
                        put.key(),
                        put.encoded().entry().tags(),
                        put.encoded().bytes(),
                        put.ttlMillis())))
                .toList();
        redis.send(pipeline);
        return replies;
    }

    /** Removes an entry and notifies all nodes; returns the number of removed entries, 0 or 1. */
    long remove(RegionSettings settings, String key) {
        return redis.send(putCall(settings, key, List.of(), new byte[0], 1));
    }

    private RedisCall<Long> putCall(
            RegionSettings settings, String key, List<String> tags, byte[] bytes, long ttlMillis) {
        int bucket = keys.bucket(settings.name(), key);
        return PUT.on(RedisPurpose.CACHE)
                .keys(keyNames(bucket, settings.name(), key, keys.sequence(bucket), tags))
                .args(args -> change(args, settings, bucket, key, bytes, ttlMillis))
                .reply(ReplyReader::number);
    }

    /**
     * Replaces an entry, if Redis still has the one that the caller has read, and notifies all nodes.
     *
     * @param seen the MAC of the entry that the caller has read; empty for none
     * @return what Redis has instead; empty if the entry was replaced
     */
    Optional<Found> replace(PendingPut put, byte[] seen) {
        RegionSettings settings = put.region().settings();
        String region = settings.name();
        String key = put.key();
        List<String> tags = put.encoded().entry().tags();
        int bucket = keys.bucket(region, key);
        List<byte[]> other = redis.send(REPLACE.on(RedisPurpose.CACHE)
                .keys(keyNames(bucket, region, key, keys.sequence(bucket), tags))
                .args(args -> change(args, settings, bucket, key, put.encoded().bytes(), put.ttlMillis())
                        .bytes(seen))
                .reply(reply -> reply.list().remainingBytes()));
        if (other.isEmpty()) {
            return Optional.empty();
        }
        byte[] entry = other.get(0);
        return Optional.of(entry.length == 0 ? Found.NOTHING : reader.read(region, key, List.of(), other));
    }

    private ScriptArgs change(
            ScriptArgs args, RegionSettings settings, int bucket, String key, byte[] bytes, long ttlMillis) {
        InvalidationMessage message =
                new InvalidationMessage(bucket, node, "", InvalidationMessage.Kind.KEY, settings.name(), key);
        return args.number(ttlMillis)
                .millis(versionTtl(settings, Duration.ofMillis(ttlMillis)))
                .bytes(bytes)
                .bytes(SEQUENCE_TTL)
                .text(keys.channel())
                .text(message.text());
    }

    /** Invalidates the entries with a tag by a new version of the tag in each bucket. */
    void invalidateTag(String tag, String request, Duration ttl) {
        Pipeline pipeline = new Pipeline();
        List<Response<String>> replies = new ArrayList<>();
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            InvalidationMessage message = new InvalidationMessage(
                    bucket, node, bucket == 0 ? request : "", InvalidationMessage.Kind.TAG, "-", tag);
            replies.add(pipeline.add(setVersion(keys.tagVersion(bucket, tag), bucket, message.text(), ttl)));
        }
        redis.send(pipeline);
        replies.forEach(Response::get);
    }

    /**
     * Removes the entries of a region that match a pattern, then notifies all nodes. The region gets a new version first, so that
     * no load that is running now is stored after the scan.
     */
    long removeAll(RegionSettings settings, KeyPattern pattern, String request) {
        String region = settings.name();
        Pipeline versions = new Pipeline();
        List<Response<String>> replies = new ArrayList<>();
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            replies.add(versions.add(setVersion(keys.regionVersion(bucket, region), bucket, "", versionTtl(settings))));
        }
        redis.send(versions);
        replies.forEach(Response::get);
        long removed = redis.deleteByPattern(RedisPurpose.CACHE, keys.scan(region, pattern));
        InvalidationMessage message =
                new InvalidationMessage(0, node, request, InvalidationMessage.Kind.PATTERN, region, pattern.text());
        redis.send(setVersion(keys.regionVersion(0, region), 0, message.text(), versionTtl(settings)));
        return removed;
    }

    private RedisCall<String> setVersion(byte[] name, int bucket, String message, Duration ttl) {
        return SET_VERSION
                .on(RedisPurpose.CACHE)
                .keys(name, keys.sequence(bucket))
                .args(args -> args.millis(ttl)
                        .bytes(SEQUENCE_TTL)
                        .text(keys.channel())
                        .text(message))
                .reply(ReplyReader::text);
    }

    private List<byte[]> keyNames(int bucket, String region, String key, byte[] third, List<String> tags) {
        List<byte[]> names = new ArrayList<>(3 + tags.size());
        names.add(keys.entry(bucket, region, key));
        names.add(keys.loadLock(bucket, region, key));
        names.add(third);
        tags.forEach(tag -> names.add(keys.tagVersion(bucket, tag)));
        return names;
    }

    /** Returns the time to live of a version, which exceeds that of every lock, and of every entry without a TTL of its own. */
    static Duration versionTtl(RegionSettings settings) {
        return versionTtl(settings, Duration.ZERO);
    }

    /** Returns the time to live of a version that also exceeds that of an entry with a TTL of its own. */
    private static Duration versionTtl(RegionSettings settings, Duration entryTtl) {
        Duration longest = entryTtl.compareTo(settings.staleIfErrorTtl()) > 0 ? entryTtl : settings.staleIfErrorTtl();
        return longest.plus(settings.loadTimeout()).plusMinutes(1);
    }
}
