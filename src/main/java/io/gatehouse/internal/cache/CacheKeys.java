package io.gatehouse.internal.cache;

import io.gatehouse.internal.redis.ScriptArgs;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * The names of the cache's Redis keys. Each key belongs to one of {@link #BUCKETS} buckets and starts with {@code
 * <prefix>:{<application>.c<bucket>}}; the hash tag keeps the keys of a bucket in one cluster slot. It ends in
 *
 * <ul>
 *   <li>{@code :e:<region>:<key>} for an entry,
 *   <li>{@code :f:<region>:<key>} for its load lock,
 *   <li>{@code :t:<tag>} for the version of a tag,
 *   <li>{@code :v:<region>} for the version of a region,
 *   <li>{@code :q} for the sequence number of the bucket's invalidation messages,
 *   <li>{@code :n} and {@code :m}, in bucket 0 only, for the live nodes and their statistics.
 * </ul>
 *
 * <p>Cache keys appear in plain text, because invalidation by pattern matches them with {@code SCAN}. Immutable.
 */
final class CacheKeys {
    /** The number of buckets. It must never change, because it determines where an entry is stored. */
    static final int BUCKETS = 16;

    private static final int LONGEST_KEY = 1024;

    private final String prefix;
    private final String channel;

    CacheKeys(String keyPrefix, String application) {
        String name = URLEncoder.encode(application, StandardCharsets.UTF_8);
        this.prefix = keyPrefix + ":{" + name + ".c";
        this.channel = keyPrefix + ":" + name + ":cache";
    }

    /** @throws NullPointerException if the key is null */
    static String required(String key) {
        return Objects.requireNonNull(key, "The cache key is null; expected a text of 1 to 1024 bytes");
    }

    /**
     * Returns the key unchanged if it is valid.
     *
     * @throws IllegalArgumentException if it is empty or longer than 1,024 bytes
     */
    static String checked(String key) {
        if (required(key).isEmpty()) {
            throw new IllegalArgumentException("The cache key is empty; expected 1 to " + LONGEST_KEY + " bytes");
        }
        if (key.length() > LONGEST_KEY
                || (key.length() * 3 > LONGEST_KEY && key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY)) {
            throw new IllegalArgumentException("The cache key has " + key.length() + " characters; at most "
                    + LONGEST_KEY + " bytes in UTF-8 are allowed");
        }
        return key;
    }

    private static void encodable(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "The cache key or tag contains half of a surrogate pair; expected text that UTF-8 can encode");
        }
    }

    /**
     * Returns the tags in sorted order, without duplicates.
     *
     * @throws IllegalArgumentException if there are more than 16, or if one is empty, longer than 1,024 bytes or not text
     */
    static List<String> tags(Collection<String> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        if (tags.size() > 16) {
            throw new IllegalArgumentException("The cache entry has " + tags.size() + " tags; at most 16 are allowed");
        }
        tags.forEach(tag -> encodable(checked(tag)));
        return List.copyOf(new TreeSet<>(tags));
    }

    /**
     * Returns the bucket of a key.
     *
     * @throws IllegalArgumentException if UTF-8 cannot encode the key, so that another key would have the same name in Redis
     */
    int bucket(String region, String key) {
        encodable(key);
        CRC32 crc = new CRC32();
        crc.update((region + ':' + key).getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % BUCKETS);
    }

    byte[] entry(int bucket, String region, String key) {
        return ScriptArgs.encode(prefix + bucket + "}:e:" + region + ':' + key);
    }

    byte[] loadLock(int bucket, String region, String key) {
        return ScriptArgs.encode(prefix + bucket + "}:f:" + region + ':' + key);
    }

    byte[] regionVersion(int bucket, String region) {
        return ScriptArgs.encode(prefix + bucket + "}:v:" + region);
    }

    byte[] tagVersion(int bucket, String tag) {
        return ScriptArgs.encode(prefix + bucket + "}:t:" + tag);
    }

    byte[] sequence(int bucket) {
        return ScriptArgs.encode(prefix + bucket + "}:q");
    }

    byte[] nodes() {
        return ScriptArgs.encode(prefix + "0}:n");
    }

    byte[] statistics() {
        return ScriptArgs.encode(prefix + "0}:m");
    }

    /** Returns the glob for {@code SCAN} that matches the entries of a region whose key matches a pattern, in every bucket. */
    byte[] scan(String region, KeyPattern pattern) {
        return ScriptArgs.encode(
                KeyPattern.escape(prefix) + "*}:e:" + KeyPattern.escape(region) + ':' + pattern.glob());
    }

    /** Returns the key that a name of an entry of a region contains. */
    String keyOf(String region, String entryName) {
        String marker = "}:e:" + region + ':';
        return entryName.substring(entryName.indexOf(marker) + marker.length());
    }

    String channel() {
        return channel;
    }
}
