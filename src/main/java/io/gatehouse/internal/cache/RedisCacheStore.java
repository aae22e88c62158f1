package io.gatehouse.internal.cache;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.RedisPurpose;
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
 * The entries of the cache in Redis. An entry is found by one {@code MGET} of it and the stamps of its tags; scripts:
 * {@code lease.lua}, {@code fill.lua}, {@code put.lua}, {@code stamp.lua}. Thread-safe.
 */
final class RedisCacheStore {
    /** How long the sequence of a bucket is kept after its last message. */
    private static final byte[] SEQUENCE_KEPT =
            ScriptArgs.encode(Duration.ofDays(7).toMillis());

    private static final Script LEASE = Script.load(RedisCacheStore.class, "lease.lua", true);
    private static final Script FILL = Script.load(RedisCacheStore.class, "fill.lua", false);
    private static final Script PUT = Script.load(RedisCacheStore.class, "put.lua", true);
    private static final Script STAMP = Script.load(RedisCacheStore.class, "stamp.lua", true);
    private static final int STAMP_LENGTH = 16;

    private final Redis redis;
    private final CacheKeys keys;
    private final EntryCodec entryCodec;
    private final String node;

    RedisCacheStore(Redis redis, CacheKeys keys, EntryCodec entryCodec, String node) {
        this.redis = redis;
        this.keys = keys;
        this.entryCodec = entryCodec;
        this.node = node;
    }

    /**
     * What Redis has under a key.
     *
     * @param cacheEntry null if there is none that counts
     * @param identity the last bytes of what there is, whether it counts or not
     * @param unreadable whether there is one that cannot be read
     */
    record Found(@Nullable CacheEntry entry, byte[] identity, boolean unreadable) {
        static final Found NOTHING = new Found(null, new byte[0], false);
    }

    /** The outcome of asking for the lease of an entry. */
    sealed interface LoadLock {}

    record Acquired(byte[] token) implements LoadLock {}

    record LockedElsewhere(long millis) implements LoadLock {}

    record AlreadyLoaded(Found found) implements LoadLock {}

    Found find(String region, String key, List<String> tags) {
        int bucket = keys.bucket(region, key);
        return read(region, key, bucket, tags, redis.send(mget(bucket, region, key, tags)));
    }

    private RedisCall<List<byte[]>> mget(int bucket, String region, String key, List<String> tags) {
        List<byte[]> names = new ArrayList<>(1 + tags.size());
        names.add(keys.entry(bucket, region, key));
        tags.forEach(tag -> names.add(keys.tag(bucket, tag)));
        return RedisCall.mget(RedisPurpose.CACHE, names, reply -> reply.list().remainingBytes());
    }

    /** @param reply the stored bytes, then the stamps of the tags as they are now */
    private Found read(String region, String key, int bucket, List<String> tags, List<byte[]> reply) {
        byte[] stored = reply.get(0);
        if (stored == null || stored.length < 1 + EntryCodec.IDENTITY) {
            return Found.NOTHING;
        }
        byte[] identity = Arrays.copyOfRange(stored, stored.length - EntryCodec.IDENTITY, stored.length);
        int start = 1 + STAMP_LENGTH * (stored[0] & 0xff);
        CacheEntry cacheEntry = start > stored.length
                ? null
                : entryCodec.open(
                        region,
                        key,
                        Arrays.copyOfRange(stored, start, stored.length),
                        Thread.currentThread().getContextClassLoader());
        if (cacheEntry == null) {
            return new Found(null, identity, true);
        }
        List<byte[]> stamps = reply.subList(1, reply.size());
        if (!cacheEntry.tags().equals(tags)) {
            stamps = cacheEntry.tags().isEmpty() ? List.of() : stamps(bucket, cacheEntry.tags());
        }
        return new Found(areCurrent(stored, cacheEntry.tags().size(), stamps) ? cacheEntry : null, identity, false);
    }

    private List<byte[]> stamps(int bucket, List<String> tags) {
        return redis.send(RedisCall.mget(
                RedisPurpose.CACHE,
                tags.stream().map(tag -> keys.tag(bucket, tag)).toList(),
                reply -> reply.list().remainingBytes()));
    }

    /** A stamp that is missing does not count as the one that was seen. */
    private static boolean areCurrent(byte[] stored, int count, List<byte[]> stamps) {
        if ((stored[0] & 0xff) != count || stamps.size() != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int from = 1 + i * STAMP_LENGTH;
            byte[] stamp = stamps.get(i);
            if (stamp == null || !Arrays.equals(stamp, 0, stamp.length, stored, from, from + STAMP_LENGTH)) {
                return false;
            }
        }
        return true;
    }

    LoadLock lease(RegionSettings settings, String key, List<String> tags, byte[] token, byte[] seen) {
        String region = settings.name();
        int bucket = keys.bucket(region, key);
        List<byte[]> names = names(bucket, region, key, keys.fence(bucket, region), tags);
        return redis.send(LEASE.on(RedisPurpose.CACHE)
                .keys(names)
                .args(args -> args.bytes(token)
                        .millis(settings.load())
                        .millis(fenceKept(settings))
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

    /** Stores what the holder of a lease has loaded; says whether it was still the holder. */
    boolean fill(RegionSettings settings, String key, byte[] token, byte[] bytes, long keepMillis) {
        int bucket = keys.bucket(settings.name(), key);
        List<byte[]> names = names(bucket, settings.name(), key, keys.fence(bucket, settings.name()), List.of());
        return redis.send(FILL.on(RedisPurpose.CACHE)
                .keys(names)
                .args(args -> args.bytes(token).number(keepMillis).bytes(bytes))
                .reply(ReplyReader::flag));
    }

    /** Gives a lease back. */
    void release(RegionSettings settings, String key, byte[] token) {
        fill(settings, key, token, new byte[0], 1);
    }

    void put(RegionSettings settings, String key, List<String> tags, byte[] bytes, long keepMillis) {
        redis.send(putting(settings, key, tags, bytes, keepMillis));
    }

    /** Removes an entry everywhere; says how many there were in Redis. */
    long remove(RegionSettings settings, String key) {
        return redis.send(putting(settings, key, List.of(), new byte[0], 1));
    }

    private RedisCall<Long> putting(
            RegionSettings settings, String key, List<String> tags, byte[] bytes, long keepMillis) {
        String region = settings.name();
        int bucket = keys.bucket(region, key);
        InvalidationMessage invalidationMessage =
                new InvalidationMessage(bucket, node, "", InvalidationMessage.Kind.KEY, region, key);
        return PUT.on(RedisPurpose.CACHE)
                .keys(names(bucket, region, key, keys.sequence(bucket), tags))
                .args(args -> args.number(keepMillis)
                        .millis(fenceKept(settings))
                        .bytes(bytes)
                        .bytes(SEQUENCE_KEPT)
                        .text(keys.channel())
                        .text(invalidationMessage.text()))
                .reply(ReplyReader::number);
    }

    /** Outdates everything with a tag, in all buckets. */
    void outdateTag(String tag, String request, Duration kept) {
        Pipeline pipeline = new Pipeline();
        List<Response<String>> replies = new ArrayList<>();
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            InvalidationMessage invalidationMessage = new InvalidationMessage(
                    bucket, node, bucket == 0 ? request : "", InvalidationMessage.Kind.TAG, "-", tag);
            replies.add(pipeline.add(stamp(keys.tag(bucket, tag), bucket, invalidationMessage.text(), kept)));
        }
        redis.send(pipeline);
        replies.forEach(Response::get);
    }

    /** Removes what matches a pattern, also if it is being filled meanwhile, and then notifies all nodes. */
    long removeAll(RegionSettings settings, KeyPattern pattern, String request) {
        String region = settings.name();
        Pipeline fences = new Pipeline();
        List<Response<String>> raised = new ArrayList<>();
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            raised.add(fences.add(stamp(keys.fence(bucket, region), bucket, "", fenceKept(settings))));
        }
        redis.send(fences);
        raised.forEach(Response::get);
        long removed = redis.deleteByPattern(RedisPurpose.CACHE, keys.scan(region, pattern));
        InvalidationMessage invalidationMessage =
                new InvalidationMessage(0, node, request, InvalidationMessage.Kind.PATTERN, region, pattern.text());
        redis.send(stamp(keys.fence(0, region), 0, invalidationMessage.text(), fenceKept(settings)));
        return removed;
    }

    private RedisCall<String> stamp(byte[] name, int bucket, String message, Duration kept) {
        return STAMP.on(RedisPurpose.CACHE)
                .keys(name, keys.sequence(bucket))
                .args(args -> args.millis(kept)
                        .bytes(SEQUENCE_KEPT)
                        .text(keys.channel())
                        .text(message))
                .reply(ReplyReader::text);
    }

    private List<byte[]> names(int bucket, String region, String key, byte[] third, List<String> tags) {
        List<byte[]> names = new ArrayList<>(3 + tags.size());
        names.add(keys.entry(bucket, region, key));
        names.add(keys.lease(bucket, region, key));
        names.add(third);
        tags.forEach(tag -> names.add(keys.tag(bucket, tag)));
        return names;
    }

    /** Longer than any entry that saw it. */
    static Duration fenceKept(RegionSettings settings) {
        return settings.keep().plus(settings.load()).plusMinutes(1);
    }
}
