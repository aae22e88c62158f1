package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.RedisSettings;
import java.time.Duration;
import java.util.List;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Connection;

/** Tests which connections of a pool are closed after a burst. */
class UnusedConnectionsTest {
    @Test
    void everyConnectionThatWasNotUsedForAMinuteIsClosedByTheNextRun() {
        GenericObjectPoolConfig<Connection> pool =
                ConnectionConfig.pool(RedisSettings.from(new Config(List.of())), 100);
        assertThat(pool.getMinEvictableIdleDuration()).isEqualTo(Duration.ofMinutes(1));
        assertThat(pool.getNumTestsPerEvictionRun()).as("all, and not a part").isEqualTo(-1);
        assertThat(pool.getLifo()).as("the heartbeats use the same connection").isTrue();
        assertThat(pool.getMaxTotal()).as("the setting stays the maximum").isEqualTo(100);
    }
}
