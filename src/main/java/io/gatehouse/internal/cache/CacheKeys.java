package io.gatehouse.internal.cache;

import io.gatehouse.internal.redis.ScriptArgs;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * The names of the cache in Redis: {@code <prefix>:{<application>.c<bucket>}:e:<region>:<key>} is an entry, {@code :f:} in its
 * place the lease of the node that fills it, {@code :t:<tag>} the stamp of a tag, {@code :v:<region>} the fence of a region and
 * {@code :q} the sequence of messages, each in every bucket. Names are readable, or patterns could not be.
 */
final class CacheKeys {
    /** Fixed for ever: where an entry is found follows from it. */
    static final int BUCKETS = 16;

    private static final int LONGEST_KEY = 1024;

    private final String prefix;
    private final String channel;

    CacheKeys(String keyPrefix, String application) {
        String name = URLEncoder.encode(application, StandardCharsets.UTF_8);
        this.prefix = keyPrefix + ":{" + name + ".c";
        this.channel = keyPrefix + ":" + name + ":cache";
    }

    /**
     * A key as it was given.
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    static String checked(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a cache key is empty");
        }
        if (key.length() > LONGEST_KEY
                || (key.length() * 3 > LONGEST_KEY && key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY)) {
            throw new IllegalArgumentException("a cache key has " + key.length() + " characters; at most " + LONGEST_KEY
                    + " bytes in UTF-8 are allowed");
        }
        return key;
    }

    /**
     * Tags in their order.
     *
     * @throws IllegalArgumentException if there are too many, or one cannot be a tag
     */
    static List<String> tags(Collection<String> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        if (tags.size() > 16) {
            throw new IllegalArgumentException(tags.size() + " tags; at most 16 are allowed");
        }
        tags.forEach(CacheKeys::checked);
        return List.copyOf(new TreeSet<>(tags));
    }

    int bucket(String region, String key) {
        CRC32 crc = new CRC32();
        crc.update((region + ':' + key).getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % BUCKETS);
    }

    byte[] entry(int bucket, String region, String key) {
        return ScriptArgs.encode(prefix + bucket + "}:e:" + region + ':' + key);
    }

    byte[] lease(int bucket, String region, String key) {
        return ScriptArgs.encode(prefix + bucket + "}:f:" + region + ':' + key);
    }

    byte[] fence(int bucket, String region) {
        return ScriptArgs.encode(prefix + bucket + "}:v:" + region);
    }

    byte[] tag(int bucket, String tag) {
        return ScriptArgs.encode(prefix + bucket + "}:t:" + tag);
    }

    byte[] sequence(int bucket) {
        return ScriptArgs.encode(prefix + bucket + "}:q");
    }

    byte[] nodes() {
        return ScriptArgs.encode(prefix + "0}:n");
    }

    byte[] reports() {
        return ScriptArgs.encode(prefix + "0}:m");
    }

    /** What SCAN is to match for the entries of a region whose key fits. */
    byte[] scan(String region, KeyPattern pattern) {
        return ScriptArgs.encode(
                KeyPattern.escape(prefix) + "*}:e:" + KeyPattern.escape(region) + ':' + pattern.glob());
    }

    String channel() {
        return channel;
    }
}
