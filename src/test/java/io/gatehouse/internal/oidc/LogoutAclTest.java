package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logs users out at the provider as the Redis user of {@code server-config/redis/users.acl}. */
class LogoutAclTest {
    @Test
    void theShippedRedisUserMayEndSessionsOnceForEachToken() {
        TestProvider provider = new TestProvider();
        try (TestRedis redis = TestRedis.start();
                LogoutApp app = new LogoutApp(
                        Map.of(
                                "REDIS_SESSION_URL",
                                GatehouseUser.at(redis),
                                "REDIS_RATE_LIMIT_URL",
                                GatehouseUser.url(redis.port())),
                        provider,
                        Map.of("GATEHOUSE_OIDC_FRONT_CHANNEL", "True"))) {
            Browser laptop = app.login("alice", "s1");
            Browser phone = app.login("alice", "s2");
            Browser tablet = app.login("alice", "s3");
            String token = provider.token(claims -> claims.subject("alice").claim("sid", "s1"));
            assertThat(app.backChannel(token).status()).isEqualTo(200);
            assertThat(app.backChannel(token).status()).isEqualTo(400);
            assertThat(app.who(laptop)).isEqualTo("no session");
            assertThat(app.frontChannel(TestProvider.ISSUER, "s2").status()).isEqualTo(200);
            assertThat(app.who(phone)).isEqualTo("no session");
            assertThat(app.backChannel(provider.token(claims -> claims.subject("alice")))
                            .status())
                    .isEqualTo(200);
            assertThat(app.who(tablet)).isEqualTo("no session");
        }
    }
}
