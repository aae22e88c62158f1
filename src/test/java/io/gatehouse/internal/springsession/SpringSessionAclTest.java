package io.gatehouse.internal.springsession;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Imports a session as the Redis user of {@code server-config/redis/users.acl}, with the keys of Spring Session in addition. */
class SpringSessionAclTest {
    @Test
    void theShippedRedisUserNeedsOnlyTheKeysOfSpringSession() {
        try (TestRedis redis = TestRedis.start();
                SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE)) {
            String url = GatehouseUser.at(redis);
            try (Jedis admin = new Jedis("127.0.0.1", redis.port())) {
                admin.aclSetUser("gatehouse", "~spring:session:*");
            }
            String expired = spring.stored(Map.of(), Duration.ofMinutes(30));
            spring.put(expired, "lastAccessedTime", 0L);
            String id = spring.stored(Map.of("cart", "book"), Duration.ofMinutes(30));
            try (App app = Shop.withGatehouse(
                    redis, Map.of("REDIS_SESSION_URL", url, "REDIS_RATE_LIMIT_URL", url, "REDIS_URL", url))) {
                assertThat(Shop.show(app, Shop.browserOf(expired))).isEqualTo("no session");
                assertThat(Shop.show(app, Shop.browserOf(id))).startsWith("anonymous cart=book");
            }
        }
    }
}
