package io.gatehouse.internal.cache;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts the entries in Redis that an invalidation would make invalid. Changes nothing. Entries that are written or expire meanwhile may
 * be counted or not. Thread-safe.
 *
 * <p>Commands, for the pattern {@code oauth:*} and for the tag {@code team:7}:
 *
 * <pre>
 * SCAN 0 MATCH gatehouse:{shop.c*}:e:oauth:* COUNT 1000
 * MGET gatehouse:{shop.c3}:t:team:7 gatehouse:{shop.c3}:e:user:42 gatehouse:{shop.c3}:e:user:43
 * </pre>
 */
public final class CacheEntryCounter {
    private static final int ENTRIES_PER_READ = 50;

    private final DefaultCacheManager cache;
    private final Redis redis;
    private final CacheKeys keys;
    private final EntryCodec codec;

    CacheEntryCounter(DefaultCacheManager cache, Redis redis, CacheKeys keys, EntryCodec codec) {
        this.cache = cache;
        this.redis = redis;
        this.keys = keys;
        this.codec = codec;
    }

    /** Returns the number of entries that {@code invalidateUserCache} would make invalid; see {@link #withTag}. */
    public long ofUser(String user) {
        long tagged = withTag("user:" + user);
        return tagged + (isTagged("user", user, "user:" + user) ? 0 : ofKey("user", user));
    }

    /** Returns 1 if there is an entry with the key, otherwise 0. */
    public long ofKey(String region, String key) {
        CacheKeys.checked(key);
        String name = cache.region(region).settings().name();
        return read(name, key).isEmpty() ? 0 : 1;
    }

    /** Returns the number of entries that match a pattern, such as {@code oauth:*}. */
    public long matching(String pattern) {
        DefaultCacheInvalidator.Matching matching = cache.invalidator().matching(pattern);
        return scan(matching.region(), matching.keys(), page -> {});
    }

    /** Returns the number of entries of a region. */
    public long ofRegion(String region) {
        return scan(cache.region(region), new KeyPattern("*"), page -> {});
    }

    /**
     * Returns the number of entries with the present version of a tag, those included that another of their tags has made invalid. Reads
     * every entry of every region.
     */
    public long withTag(String tag) {
        CacheKeys.checked(tag);
        long[] tagged = {0};
        for (DefaultCacheRegion region : cache.allRegions()) {
            String name = region.settings().name();
            scan(region, new KeyPattern("*"), page -> tagged[0] += countTagged(name, page, tag));
        }
        return tagged[0];
    }

    /** Scans a region, passes on the keys of each page that were not seen before, and returns how many there were. */
    private long scan(DefaultCacheRegion region, KeyPattern pattern, Consumer<List<String>> reader) {
        String name = region.settings().name();
        Set<String> seen = new HashSet<>();
        redis.scan(RedisPurpose.CACHE, keys.scan(name, pattern), page -> {
            List<String> fresh = page.stream()
                    .map(bytes -> keys.keyOf(name, new String(bytes, StandardCharsets.UTF_8)))
                    .filter(seen::add)
                    .toList();
            reader.accept(fresh);
            return true;
        });
        return seen.size();
    }

    private long countTagged(String region, List<String> page, String tag) {
        long tagged = 0;
        for (int start = 0; start < page.size(); start += ENTRIES_PER_READ) {
            List<String> some = page.subList(start, Math.min(page.size(), start + ENTRIES_PER_READ));
            Pipeline pipeline = new Pipeline();
            List<Response<List<byte[]>>> replies = some.stream()
                    .map(key -> pipeline.add(tagAndEntry(region, key, tag)))
                    .toList();
            redis.send(pipeline);
            for (int i = 0; i < some.size(); i++) {
                if (isTagged(region, some.get(i), tag, replies.get(i).get())) {
                    tagged++;
                }
            }
        }
        return tagged;
    }

    private boolean isTagged(String region, String key, String tag) {
        return isTagged(region, key, tag, redis.send(tagAndEntry(region, key, tag)));
    }

    private boolean isTagged(String region, String key, String tag, List<byte[]> tagAndEntry) {
        byte[] version = tagAndEntry.get(0);
        byte[] stored = tagAndEntry.get(1);
        if (version == null || stored == null || stored.length == 0) {
            return false;
        }
        int start = 1 + EntryReader.VERSION_LENGTH * (stored[0] & 0xff);
        if (start > stored.length) {
            return false;
        }
        List<String> tags = codec.tags(region, key, Arrays.copyOfRange(stored, start, stored.length));
        int from = 1 + EntryReader.VERSION_LENGTH * tags.indexOf(tag);
        return tags.contains(tag)
                && from + EntryReader.VERSION_LENGTH <= start
                && Arrays.equals(version, 0, version.length, stored, from, from + EntryReader.VERSION_LENGTH);
    }

    private RedisCall<List<byte[]>> tagAndEntry(String region, String key, String tag) {
        int bucket = keys.bucket(region, key);
        return mget(List.of(keys.tagVersion(bucket, tag), keys.entry(bucket, region, key)));
    }

    private Collection<byte[]> read(String region, String key) {
        List<byte[]> found =
                new ArrayList<>(redis.send(mget(List.of(keys.entry(keys.bucket(region, key), region, key)))));
        found.removeIf(bytes -> bytes == null);
        return found;
    }

    private static RedisCall<List<byte[]>> mget(List<byte[]> names) {
        return RedisCall.mget(RedisPurpose.CACHE, names, reply -> reply.list().remainingBytes());
    }
}
