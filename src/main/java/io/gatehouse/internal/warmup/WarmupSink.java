package io.gatehouse.internal.warmup;

/** The receiver of warmed entries: the cache. Implementations are thread-safe. */
@FunctionalInterface
public interface WarmupSink {

    /** Stores an entry; returns false if it was not stored. */
    boolean put(String region, String key, Object value);
}
