package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.Topology;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Back-channel logout on every topology of Redis. */
@RedisTest
class LogoutTopologyTest {
    private static final TestProvider PROVIDER = new TestProvider();

    @ParameterizedTest
    @EnumSource(Topology.class)
    void endsSessionsByUserAndByProviderSessionOnEveryNodeAndOnlyOnce(Topology topology) {
        Map<String, String> redis = topology.shared().settings();
        try (LogoutApp one = new LogoutApp(redis, PROVIDER, Map.of());
                LogoutApp two = new LogoutApp(redis, PROVIDER, Map.of())) {
            Browser laptop = one.login("alice", "s1");
            Browser phone = two.login("alice", "s2");
            String bySid = PROVIDER.token(claims -> claims.subject("alice").claim("sid", "s1"));
            assertThat(two.backChannel(bySid).status()).isEqualTo(200);
            assertThat(one.who(laptop)).isEqualTo("no session");
            assertThat(one.who(phone)).isEqualTo("alice");
            assertThat(one.backChannel(bySid).status()).isEqualTo(400);
            String bySub = PROVIDER.token(claims -> claims.subject("alice"));
            assertThat(one.backChannel(bySub).status()).isEqualTo(200);
            assertThat(two.who(phone)).isEqualTo("no session");
            assertThat(two.count(LogoutOutcome.REPLAYED) + one.count(LogoutOutcome.REPLAYED))
                    .isEqualTo(1);
        }
    }
}
