package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.Response;
import io.gatehouse.internal.redis.Script;
import io.gatehouse.internal.redis.ScriptArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores the entries of the cache in Redis, and removes them.
 *
 * <p>A <em>version</em> is a timestamp in microseconds that never decreases, as 16 digits. A stored entry is {@code <number of
 * tags> <version of each tag> <encoded entry>}. It is valid only while every tag still has the version that it had before the
 * entry's value was loaded, so invalidating a tag means increasing its version. A missing version counts as a different one.
 * An entry and the versions of its tags are in one bucket, so that one {@code MGET} reads both:
 *
 * <pre>
 * MGET gatehouse:{shop.c7}:e:user:42 gatehouse:{shop.c7}:t:team:7
 * </pre>
 *
 * <p>A load lock contains the versions of the tags and of the region from before the load. {@code fill.lua} stores a loaded value
 * only if the lock still exists and the region has the same version. {@code put}, {@code remove} and invalidation by pattern
 * delete the lock or increase the version, so a value that was loaded before them is never stored after them.
 *
 * <p>Scripts: {@code lock.lua}, {@code fill.lua}, {@code put.lua}, {@code version.lua}. Thread-safe.
 */
final class RedisCacheStore {
    /** The time to live of a sequence number after the last message of its bucket, in milliseconds. */
    private static final byte[] SEQUENCE_TTL =
            ScriptArgs.encode(Duration.ofDays(7).toMillis());

    private static final Script LOCK = Script.load(RedisCacheStore.class, "lock.lua", true);
    private static final Script FILL = Script.load(RedisCacheStore.class, "fill.lua", false);
    private static final Script PUT = Script.load(RedisCacheStore.class, "put.lua", true);
    private static final Script SET_VERSION = Script.load(RedisCacheStore.class, "version.lua", true);
    /** The length of a tag version in a stored entry. */
    static final int VERSION_LENGTH = 16;

    private final Redis redis;
    private final CacheKeys keys;
    private final EntryCodec codec;
    private final String node;

    RedisCacheStore(Redis redis, CacheKeys keys, EntryCodec codec, String node) {
        this.redis = redis;
        this.keys = keys;
        this.codec = codec;
        this.node = node;
    }

    /**
     * The result of reading a key.
     *
     * @param entry the entry; null if there is no valid one
     * @param identity the MAC of the stored entry, valid or not; empty if Redis has no entry
     * @param unreadable whether there is an entry that cannot be decoded
     */
    record Found(@Nullable CacheEntry entry, byte[] identity, boolean unreadable) {
        static final Found NOTHING = new Found(null, new byte[0], false);
    }

    /** The outcome of a request for a load lock. */
    sealed interface LoadLock {}

    /** The caller holds the lock and must load the value. */
    record Acquired(byte[] token) implements LoadLock {}

    /** Another caller holds the lock, for at most this time. */
    record LockedElsewhere(long millis) implements LoadLock {}

    /** Redis has another entry than the one that the caller found stale. */
    record AlreadyLoaded(Found found) implements LoadLock {}

    /** Reads an entry and checks the versions of its tags. One round trip, two if the entry has other tags than expected. */
    Found find(String region, String key, List<String> tags) {
        int bucket = keys.bucket(region, key);
        return read(region, key, bucket, tags, redis.send(mget(bucket, region, key, tags)));
    }

    private RedisCall<List<byte[]>> mget(int bucket, String region, String key, List<String> tags) {
        List<byte[]> names = new ArrayList<>(1 + tags.size());
        names.add(keys.entry(bucket, region, key));
        tags.forEach(tag -> names.add(keys.tagVersion(bucket, tag)));
        return RedisCall.mget(RedisPurpose.CACHE, names, reply -> reply.list().remainingBytes());
    }

    /** @param reply the stored bytes, then the present versions of the expected tags */
    private Found read(String region, String key, int bucket, List<String> tags, List<byte[]> reply) {
        byte[] stored = reply.get(0);
        if (stored == null || stored.length < 1 + EntryCodec.IDENTITY) {
            return Found.NOTHING;
        }
        byte[] identity = Arrays.copyOfRange(stored, stored.length - EntryCodec.IDENTITY, stored.length);
        int start = 1 + VERSION_LENGTH * (stored[0] & 0xff);
        CacheEntry entry = start > stored.length
                ? null
                : codec.decode(
                        region,
                        key,
                        Arrays.copyOfRange(stored, start, stored.length),
                        Thread.currentThread().getContextClassLoader());
        if (entry == null) {
            return new Found(null, identity, true);
        }
        List<byte[]> tagVersions = reply.subList(1, reply.size());
        if (!entry.tags().equals(tags)) {
            tagVersions = entry.tags().isEmpty() ? List.of() : readTagVersions(bucket, entry.tags());
        }
        return new Found(areCurrent(stored, entry.tags().size(), tagVersions) ? entry : null, identity, false);
    }

    private List<byte[]> readTagVersions(int bucket, List<String> tags) {
        return redis.send(RedisCall.mget(
                RedisPurpose.CACHE,
                tags.stream().map(tag -> keys.tagVersion(bucket, tag)).toList(),
                reply -> reply.list().remainingBytes()));
    }

    /** Returns whether every tag still has the version that is stored with the entry. */
    private static boolean areCurrent(byte[] stored, int count, List<byte[]> tagVersions) {
        if ((stored[0] & 0xff) != count || tagVersions.size() != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int from = 1 + i * VERSION_LENGTH;
            byte[] version = tagVersions.get(i);
            if (version == null || !Arrays.equals(version, 0, version.length, stored, from, from + VERSION_LENGTH)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Requests the lock to load a key.
     *
     * @param token 16 bytes that identify the caller
     * @param seen the MAC of the entry that the caller found stale; empty for none
     */
    LoadLock acquireLock(RegionSettings settings, String key, List<String> tags, byte[] token, byte[] seen) {
        String region = settings.name();
        int bucket = keys.bucket(region, key);
        List<byte[]> names = keyNames(bucket, region, key, keys.regionVersion(bucket, region), tags);
        return redis.send(LOCK.on(RedisPurpose.CACHE)
                .keys(names)
                .args(args -> args.bytes(token)
                        .millis(settings.loadTimeout())
                        .millis(versionTtl(settings))
                        .bytes(seen))
                .reply(reply -> {
                    ReplyReader parts = reply.list();
                    return switch (parts.count()) {
                        case 1 -> new AlreadyLoaded(read(region, key, bucket, tags, parts.remainingBytes()));
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

    /** Stores an entry and notifies all nodes. */
    void put(RegionSettings settings, String key, List<String> tags, byte[] bytes, long ttlMillis) {
        redis.send(putCall(settings, key, tags, bytes, ttlMillis));
    }

    /** Removes an entry and notifies all nodes; returns the number of removed entries, 0 or 1. */
    long remove(RegionSettings settings, String key) {
        return redis.send(putCall(settings, key, List.of(), new byte[0], 1));
    }

    private RedisCall<Long> putCall(
            RegionSettings settings, String key, List<String> tags, byte[] bytes, long ttlMillis) {
        String region = settings.name();
        int bucket = keys.bucket(region, key);
        InvalidationMessage message =
                new InvalidationMessage(bucket, node, "", InvalidationMessage.Kind.KEY, region, key);
        return PUT.on(RedisPurpose.CACHE)
                .keys(keyNames(bucket, region, key, keys.sequence(bucket), tags))
                .args(args -> args.number(ttlMillis)
                        .millis(versionTtl(settings))
                        .bytes(bytes)
                        .bytes(SEQUENCE_TTL)
                        .text(keys.channel())
                        .text(message.text()))
                .reply(ReplyReader::number);
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

    /** Returns the time to live of a version, which exceeds that of every entry or lock that refers to it. */
    static Duration versionTtl(RegionSettings settings) {
        return settings.staleIfErrorTtl().plus(settings.loadTimeout()).plusMinutes(1);
    }
}
