package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Back-channel logout while Redis is unavailable. */
@RedisTest
class LogoutFailureTest {
    private static final TestProvider PROVIDER = new TestProvider();

    @Test
    void asksTheProviderToSendTheTokenAgainWhichThenStillWorks(TestRedis redis) {
        try (CountingProxy proxy = new CountingProxy(redis.port());
                LogoutApp app = new LogoutApp(Map.of("REDIS_SESSION_URL", proxy.url()), PROVIDER, Map.of());
                LogCapture log = new LogCapture("io.gatehouse")) {
            Browser alice = app.login("alice", "s1");
            String token = PROVIDER.token(claims -> claims.subject("alice").claim("sid", "s1"));

            proxy.fault(CountingProxy.Fault.SILENT);
            Browser.Answer answer = app.backChannel(token);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isNotNull();
            assertThat(answer.header("Cache-Control")).contains("no-store");
            assertThat(app.count(LogoutOutcome.ENDED)).isZero();
            assertThat(log.lines()).noneMatch(line -> line.contains(token) || line.contains("s1"));

            proxy.fault(CountingProxy.Fault.NONE);
            Eventually.within(Duration.ofSeconds(60), () -> {
                int status = app.backChannel(token).status();
                assertThat(status).isIn(200, 503); // never 400, which would end the attempts of the provider
                assertThat(status).isEqualTo(200);
            });
            assertThat(app.count(LogoutOutcome.REPLAYED)).isZero();
            assertThat(app.who(alice)).isEqualTo("no session");
            assertThat(app.backChannel(token).status()).isEqualTo(400);
            assertThat(app.count(LogoutOutcome.ENDED)).isEqualTo(1);
        }
    }
}
