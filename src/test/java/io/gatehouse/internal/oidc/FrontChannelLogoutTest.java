package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.Map;
import org.junit.jupiter.api.Test;

@RedisTest
class FrontChannelLogoutTest {
    private static final TestProvider PROVIDER = new TestProvider();

    private final TestRedis redis;

    FrontChannelLogoutTest(TestRedis redis) {
        this.redis = redis;
    }

    @Test
    void endsTheSessionsOfTheProvidersSessionIfItIsEnabled() {
        try (LogoutApp one = new LogoutApp(redis, PROVIDER, Map.of("GATEHOUSE_OIDC_FRONT_CHANNEL", "True"));
                LogoutApp two = new LogoutApp(redis, PROVIDER, Map.of())) {
            Browser first = two.login("alice", "s1");
            Browser second = two.login("alice", "s2");

            Browser.Answer answer = one.frontChannel(TestProvider.ISSUER, "s1");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(two.who(first)).isEqualTo("no session");
            assertThat(two.who(second)).isEqualTo("alice");
            assertThat(two.frontChannel(TestProvider.ISSUER, "s2").status()).isEqualTo(404);
        }
    }

    @Test
    void answersABadRequestWith400() {
        try (LogoutApp node = new LogoutApp(redis, PROVIDER, Map.of("GATEHOUSE_OIDC_FRONT_CHANNEL", "True"))) {
            Browser alice = node.login("alice", "s1");
            assertThat(node.frontChannel("https://evil.example.com", "s1").status())
                    .isEqualTo(400);
            assertThat(node.frontChannel(TestProvider.ISSUER, "").status()).isEqualTo(400);
            assertThat(node.get("frontchannel-logout").status()).isEqualTo(400);
            assertThat(node.get("frontchannel-logout?iss=" + TestProvider.ISSUER + "&sid=s1&sid=s2")
                            .status())
                    .isEqualTo(400);
            assertThat(node.who(alice)).isEqualTo("alice");
            assertThat(node.count(LogoutOutcome.ISSUER)).isEqualTo(1);
        }
    }

    @Test
    void isNotServedWithoutAProvider() {
        try (App app = App.with(redis.url(2)).start()) {
            assertThat(new Browser()
                            .post(app.url("/api/v1/core/oidc/backchannel-logout"), "logout_token=x")
                            .status())
                    .isEqualTo(404);
            assertThat(new Browser()
                            .get(app.url("/api/v1/core/oidc/frontchannel-logout?iss=x&sid=y"))
                            .status())
                    .isEqualTo(404);
        }
    }
}
