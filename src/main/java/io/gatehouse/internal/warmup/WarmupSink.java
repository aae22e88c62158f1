package io.gatehouse.internal.warmup;

/** Where warmed entries go: the cache. Called by several threads. */
@FunctionalInterface
public interface WarmupSink {

    /** Puts an entry; false if it was not taken. */
    boolean put(String region, String key, Object value);
}
