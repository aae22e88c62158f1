package io.gatehouse.testing;

import java.util.List;
import java.util.Map;

/** A running Redis of one topology. */
public interface RedisDeployment extends AutoCloseable {
    /** Returns the settings with which Gatehouse finds this deployment, for every purpose. */
    Map<String, String> settings();

    /** Returns the servers that accept writes; each key is on one of them. */
    List<TestRedis> masters();

    /** Deletes every key of every database. */
    default void flush() {
        masters().forEach(TestRedis::flush);
    }

    @Override
    void close();
}
