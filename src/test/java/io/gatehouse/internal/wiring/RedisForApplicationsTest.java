package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.Gatehouse;
import io.gatehouse.RedisClient;
import io.gatehouse.RedisPurpose;
import io.gatehouse.testing.App;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.UnifiedJedis;

/** The rows of the Django set-up that are about connections: {@code get_redis_connection(...)}, pool and health check. */
@RedisTest(lasting = "shop:.*")
class RedisForApplicationsTest {
    @TempDir
    Path folder;

    private interface Use {
        void with(Gatehouse gatehouse) throws Exception;
    }

    private void inAnApplication(Map<String, String> settings, Use use) throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.create(folder);
        tomcat.context()
                .addServletContainerInitializer(
                        (classes, context) ->
                                Gatehouse.builder().settings(settings).start(context),
                        Set.of());
        try (EmbeddedTomcat app = tomcat.start()) {
            use.with(Gatehouse.of(app.context().getServletContext()).orElseThrow());
        }
    }

    private static Map<String, String> fourDatabases(TestRedis redis) {
        return Map.of(
                "REDIS_URL", redis.url(1),
                "REDIS_SESSION_URL", redis.url(2),
                "REDIS_RATE_LIMIT_URL", redis.url(3),
                "REDIS_CACHE_WARMING_URL", redis.url(4),
                "GATEHOUSE_RATE_LIMITS", "none",
                "GATEHOUSE_KEYS", App.KEYS);
    }

    @Test
    void everyPurposeHasAClientOfItsDatabase(TestRedis server) throws Exception {
        inAnApplication(fourDatabases(server), gatehouse -> {
            for (RedisPurpose redisPurpose : RedisPurpose.values()) {
                gatehouse.redis(redisPurpose).set("shop:purpose", redisPurpose.label());
            }
            assertThat(gatehouse.redis(RedisPurpose.CACHE)).isSameAs(gatehouse.redis(RedisPurpose.CACHE));
            int database = 1;
            for (RedisPurpose redisPurpose : new RedisPurpose[] {
                RedisPurpose.CACHE, RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT, RedisPurpose.CACHE_WARMING
            }) {
                try (var client = new Jedis("127.0.0.1", server.port())) {
                    client.select(database++);
                    assertThat(client.get("shop:purpose")).isEqualTo(redisPurpose.label());
                }
            }
        });
    }

    @Test
    void theClientsOfTheCacheNeedTheCache(TestRedis server) throws Exception {
        Map<String, String> settings = new HashMap<>(fourDatabases(server));
        settings.put("GATEHOUSE_CACHE_ENABLED", "False");
        inAnApplication(settings, gatehouse -> {
            assertThat(gatehouse.redis(RedisPurpose.SESSIONS).ping()).isEqualTo("PONG");
            assertThatThrownBy(() -> gatehouse.redis(RedisPurpose.CACHE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("GATEHOUSE_CACHE_ENABLED");
        });
    }

    /** An application may close what it was given, as try-with-resources does. */
    @Test
    void closingAClientDoesNotStopGatehouse(TestRedis server) throws Exception {
        inAnApplication(fourDatabases(server), gatehouse -> {
            try (UnifiedJedis redis = gatehouse.redis(RedisPurpose.SESSIONS)) {
                redis.set("shop:a", "1");
            }
            assertThat(gatehouse.redis(RedisPurpose.SESSIONS).get("shop:a")).isEqualTo("1");
            assertThat(gatehouse.sessionManager().countSessions()).isZero();
        });
    }

    @Test
    void theDefaultsAreThoseOfTheDjangoSetUp() {
        Map<String, String> defaults = new HashMap<>();
        Settings.ALL.forEach(setting -> defaults.put(setting.name(), setting.defaultText()));
        assertThat(defaults)
                .containsEntry("REDIS_CONNECTION_POOL_SIZE", "100")
                .containsEntry("REDIS_HEALTH_CHECK_INTERVAL", "30")
                .containsEntry("REDIS_CONNECTION_TIMEOUT", "5")
                .containsEntry("REDIS_URL", "redis://localhost:6379/1")
                .containsEntry("REDIS_SESSION_URL", "redis://localhost:6379/2")
                .containsEntry("REDIS_RATE_LIMIT_URL", "redis://localhost:6379/3")
                .containsEntry("REDIS_CACHE_WARMING_URL", "redis://localhost:6379/4");
    }

    @Test
    void aQualifierCanBeSelectedByProgram() {
        assertThat(RedisClient.Literal.of(RedisPurpose.CACHE)).isEqualTo(RedisClient.Literal.of(RedisPurpose.CACHE));
        assertThat(RedisClient.Literal.of(RedisPurpose.CACHE).annotationType()).isEqualTo(RedisClient.class);
    }
}
