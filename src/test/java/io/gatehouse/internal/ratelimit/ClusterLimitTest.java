package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestCluster;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests of rules whose counters lie on several masters of a cluster. */
@RedisTest
class ClusterLimitTest {
    private static RedisConnections redis;

    @BeforeAll
    static void start(TestCluster cluster) {
        Map<String, String> settings = new HashMap<>(cluster.settings());
        settings.put("GATEHOUSE_REDIS_DEADLINE", "10s");
        redis = Connections.with(settings, EnumSet.of(RedisPurpose.RATE_LIMIT));
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void countersOfOneNetworkAreDecidedTogether() {
        LimiterFixture node = new LimiterFixture(
                redis, true, rule("a", "ip", "2/day"), rule("b", "network", "3/day"), rule("c", "ip+user", "5/day"));
        assertThat(node.allows(request("203.0.113.7", "alice"))).isTrue();
        assertThat(node.allows(request("203.0.113.7", "alice"))).isTrue();
        assertThat(node.allows(request("203.0.113.7", "alice"))).isFalse();
        assertThat(node.allows(request("203.0.113.8", "alice"))).isTrue();
        assertThat(node.allows(request("203.0.113.9", "alice"))).isFalse();
    }

    @Test
    void chargesInOneSlotAreRefundedIfAnotherSlotRefuses() {
        LimiterFixture node = new LimiterFixture(
                redis,
                true,
                rule("by-ip", "ip", "sliding 100/day"),
                rule("by-user", "user", "100/day"),
                rule("by-key", "header:x", "100/day"),
                rule("by-all", "global", "sliding 3/day"));
        for (int i = 0; i < 50; i++) {
            RateLimitRequest request = new RateLimitRequest(
                    "GET", "/", ClientAddress.parse("198.51.100.1"), "tag of bob", header -> "key");
            boolean allowed = node.allows(request);
            assertThat(allowed).isEqualTo(i < 3);
            node.nanos.addAndGet(RefusalCache.LONGEST.toNanos()); // so that Redis decides each time
        }
        assertThat(node.limiter.inspect("ip", "198.51.100.1").get(0).remaining())
                .isEqualTo(97);
        assertThat(node.limiter.inspect("user", "bob").get(0).remaining()).isEqualTo(97);
        assertThat(node.limiter.inspect("header:x", "key").get(0).remaining()).isEqualTo(97);
    }
}
