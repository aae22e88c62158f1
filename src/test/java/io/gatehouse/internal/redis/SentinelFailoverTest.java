package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestSentinel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

/** Tests the failover from a dead master to its replica. */
@Timeout(60)
class SentinelFailoverTest {

    @Test
    void usesTheNewMasterAfterAFailover() {
        try (TestSentinel sentinel = new TestSentinel();
                RedisConnections redis = Connections.with(sentinel.settings())) {
            assertThat(redis.send(Calls.count("k"))).isEqualTo(1);
            Eventually.holds("the replica has it", Duration.ofSeconds(5), () -> {
                try (RedisClient client = sentinel.replica().client()) {
                    return "1".equals(client.get("k"));
                }
            });
            sentinel.master().process().kill();
            Eventually.holds("the new master is used", Duration.ofSeconds(20), () -> {
                try {
                    redis.send(Calls.count("after"));
                    return true;
                } catch (RedisUnavailableException e) {
                    return false;
                }
            });
            assertThat(redis.send(Calls.count("k"))).isEqualTo(2);
            assertThat(redis.health(RedisPurpose.SESSIONS).mode()).isEqualTo("sentinel");
        }
    }

    @Test
    void connectsWhenTheSentinelsStartLater() {
        try (TestSentinel sentinel = new TestSentinel()) {
            sentinel.freezeSentinels(true);
            try (RedisConnections redis = Connections.with(sentinel.settings())) {
                assertThat(redis.health(RedisPurpose.SESSIONS).up()).isFalse();
                sentinel.freezeSentinels(false);
                Eventually.holds("the master is found", Duration.ofSeconds(20), () -> {
                    try {
                        redis.send(Calls.count("k"));
                        return true;
                    } catch (RedisUnavailableException e) {
                        return false;
                    }
                });
            }
        }
    }
}
