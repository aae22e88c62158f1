package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.cache.LoadOptions;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs the cache as the Redis user of {@code server-config/redis/users.acl}. */
class CacheAclTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void theShippedRedisUserMayRunEveryCacheOperation() {
        try (TestRedis redis = TestRedis.start();
                CacheNode node = new CacheNode(Map.of("REDIS_URL", GatehouseUser.at(redis)))) {
            Eventually.holds("the subscription is connected", LONG, node.cache::isConnected);
            node.cache.heartbeat();
            assertThat(node.region()
                            .<String>getOrSet(
                                    "a", () -> "value", LoadOptions.defaults().tags(List.of("t"))))
                    .isEqualTo("value");
            node.region().put("b", "value", List.of("t"));
            assertThat(node.cache.touch("b", LONG)).isTrue();
            assertThat(node.cache.add("c", "value", LONG)).isTrue();
            assertThat(node.cache.increment("d", 1, LONG)).isEqualTo(1);
            node.cache.remove("c");
            node.cache.remove("d");
            assertThat(node.cache.invalidator().invalidateByTag("t").entries()).isEqualTo(2);
            assertThat(node.<String>get("a")).isNull();
            assertThat(node.cache.invalidator().invalidateAll("default").entries())
                    .isEqualTo(2);
            assertThat(node.cache.gaps()).isZero();
        }
    }
}
