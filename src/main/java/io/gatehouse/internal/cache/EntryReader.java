package io.gatehouse.internal.cache;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.RedisCall;
import io.gatehouse.internal.redis.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries from Redis and verifies them: their MAC, and that every tag still has the version that is stored with the entry.
 * {@link RedisCacheStore} explains versions.
 *
 * <pre>
 * MGET gatehouse:{shop.c7}:e:user:42 gatehouse:{shop.c7}:t:team:7
 * </pre>
 *
 * <p>Several entries are one {@code MGET} for each bucket, in one pipeline. Thread-safe.
 */
final class EntryReader {
    static final int VERSION_LENGTH = 16;

    private final Redis redis;
    private final CacheKeys keys;
    private final EntryCodec codec;

    EntryReader(Redis redis, CacheKeys keys, EntryCodec codec) {
        this.redis = redis;
        this.keys = keys;
        this.codec = codec;
    }

    /** The key of an entry, with its region. */
    record Name(String region, String key) {}

    /**
     * The result of reading a key.
     *
     * @param entry the entry; null if there is no valid one
     * @param identity the MAC of the stored entry, valid or not; empty if Redis has no entry
     * @param unreadable whether there is an entry that cannot be decoded
     */
    record Found(@Nullable CacheEntry entry, byte[] identity, boolean unreadable) {
        static final Found NOTHING = new Found(null, new byte[0], false);

        /** Returns the tags of the entry; empty if there is none. */
        private List<String> tags() {
            return entry == null ? List.of() : entry.tags();
        }
    }

    /** Reads an entry and checks the versions of its tags. One round trip, two if the entry has other tags than expected. */
    Found find(String region, String key, List<String> tags) {
        int bucket = keys.bucket(region, key);
        List<byte[]> names = new ArrayList<>(1 + tags.size());
        names.add(keys.entry(bucket, region, key));
        tags.forEach(tag -> names.add(keys.tagVersion(bucket, tag)));
        return read(region, key, tags, redis.send(mget(names)));
    }

    /** @param reply the stored bytes, then the present versions of the expected tags */
    Found read(String region, String key, List<String> tags, List<byte @Nullable []> reply) {
        byte[] stored = reply.get(0);
        Found found = decode(region, key, stored);
        if (stored == null || found.tags().isEmpty()) {
            return found;
        }
        List<byte @Nullable []> versions = found.tags().equals(tags)
                ? reply.subList(1, reply.size())
                : redis.send(tagVersions(keys.bucket(region, key), found.tags()));
        return validated(found, stored, versions);
    }

    /**
     * Reads several entries in one round trip, and in a second one the versions of their tags if they have any.
     *
     * @return the results in the order of the names; nothing for an entry that could not be read because Redis is unavailable
     */
    List<Found> findAll(List<Name> names) {
        Map<Integer, List<Integer>> positions = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            int bucket = keys.bucket(names.get(i).region(), names.get(i).key());
            positions.computeIfAbsent(bucket, none -> new ArrayList<>()).add(i);
        }
        Pipeline entries = new Pipeline();
        Map<Integer, Response<List<byte @Nullable []>>> replies = new TreeMap<>();
        positions.forEach((bucket, some) -> replies.put(
                bucket,
                entries.add(mget(some.stream()
                        .map(i -> keys.entry(
                                bucket, names.get(i).region(), names.get(i).key()))
                        .toList()))));
        redis.send(entries);

        Found[] results = new Found[names.size()];
        Arrays.fill(results, Found.NOTHING);
        Pipeline versions = new Pipeline();
        List<Tagged> tagged = new ArrayList<>();
        replies.forEach((bucket, response) -> {
            List<byte @Nullable []> stored = valueOrEmpty(response);
            List<Integer> some = positions.getOrDefault(bucket, List.of());
            for (int i = 0; i < stored.size(); i++) {
                int position = some.get(i);
                Name name = names.get(position);
                byte[] bytes = stored.get(i);
                Found found = decode(name.region(), name.key(), bytes);
                if (bytes == null || found.tags().isEmpty()) {
                    results[position] = found;
                } else {
                    tagged.add(new Tagged(position, found, bytes, versions.add(tagVersions(bucket, found.tags()))));
                }
            }
        });
        if (!tagged.isEmpty()) {
            redis.send(versions);
            tagged.forEach(entry -> results[entry.position()] =
                    validated(entry.found(), entry.stored(), valueOrEmpty(entry.versions())));
        }
        return Arrays.asList(results);
    }

    private record Tagged(int position, Found found, byte[] stored, Response<List<byte @Nullable []>> versions) {}

    private static List<byte @Nullable []> valueOrEmpty(Response<List<byte @Nullable []>> response) {
        try {
            return response.get();
        } catch (GatehouseException e) {
            return List.of(); // counts as a miss
        }
    }

    /** Decodes a stored entry, without checking the versions of its tags. */
    private Found decode(String region, String key, byte @Nullable [] stored) {
        if (stored == null) {
            return Found.NOTHING;
        }
        byte[] identity = Arrays.copyOfRange(stored, Math.max(0, stored.length - EntryCodec.IDENTITY), stored.length);
        int start = stored.length == 0 ? 1 : 1 + VERSION_LENGTH * (stored[0] & 0xff);
        CacheEntry entry = start > stored.length
                ? null
                : codec.decode(
                        region,
                        key,
                        Arrays.copyOfRange(stored, start, stored.length),
                        Thread.currentThread().getContextClassLoader());
        if (entry != null && (stored[0] & 0xff) != entry.tags().size()) {
            return new Found(null, identity, false);
        }
        return new Found(entry, identity, entry == null);
    }

    /** Returns the same without its entry if a tag no longer has the version that is stored with it. */
    private static Found validated(Found found, byte[] stored, List<byte @Nullable []> versions) {
        boolean current = versions.size() == found.tags().size();
        for (int i = 0; current && i < versions.size(); i++) {
            int from = 1 + i * VERSION_LENGTH;
            byte[] version = versions.get(i);
            current = version != null && Arrays.equals(version, 0, version.length, stored, from, from + VERSION_LENGTH);
        }
        return current ? found : new Found(null, found.identity(), false);
    }

    private RedisCall<List<byte @Nullable []>> tagVersions(int bucket, List<String> tags) {
        return mget(tags.stream().map(tag -> keys.tagVersion(bucket, tag)).toList());
    }

    private static RedisCall<List<byte @Nullable []>> mget(List<byte[]> names) {
        return RedisCall.mget(RedisPurpose.CACHE, names, reply -> reply.list().remainingBytes());
    }
}
