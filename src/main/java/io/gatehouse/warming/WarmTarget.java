package io.gatehouse.warming;

/** Where warmed entries go: the cache. Called by several threads. */
@FunctionalInterface
public interface WarmTarget {

    /** Puts an entry; false if it was not taken. */
    boolean put(String region, String key, Object value);
}
