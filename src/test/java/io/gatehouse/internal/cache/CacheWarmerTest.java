package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.cache.CacheManager;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.warmup.DefaultWarmer;
import io.gatehouse.internal.warmup.WarmupSettings;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.warmup.FewEntries;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The warmer of a cache, with sources of an application. */
class CacheWarmerTest {
    @Test
    void theWarmerFillsTheCacheOfAllNodesAfterTheStartAndIsMissingBefore() {
        try (TestRedis redis = TestRedis.start();
                CacheNode node = new CacheNode(Map.of("REDIS_URL", redis.url()));
                CacheNode other = new CacheNode(Map.of("REDIS_URL", redis.url()))) {
            CacheManager cacheManager = node.cache;
            assertThatThrownBy(cacheManager::warmer)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the application has not started");
            node.cache.warmBy(new DefaultWarmer(
                    List.of(
                            new FewEntries("user", Map.of("user1", "Ada", "user2", "Bob", "user3", "Eve")),
                            new FewEntries("oauth", Map.of("https://id.example.com", "keys"))),
                    (region, key, value) -> {
                        cacheManager.region(region).put(key, value);
                        return true;
                    },
                    (region, limit) -> List.of(),
                    WarmupSettings.from(new Config(List.of())),
                    Runnable::run));
            assertThat(cacheManager
                            .warmer()
                            .warmUserData(List.of("user1", "user2"))
                            .warmed())
                    .isEqualTo(2);
            assertThat(cacheManager.warmer().warmOauthProviders().warmed()).isEqualTo(1);
            for (CacheNode each : List.of(node, other)) {
                assertThat(each.cache.<String>getMany(
                                List.of("user:user1", "user:user2", "user:user3", "oauth:https://id.example.com")))
                        .containsOnlyKeys("user:user1", "user:user2", "oauth:https://id.example.com");
            }
        }
    }
}
