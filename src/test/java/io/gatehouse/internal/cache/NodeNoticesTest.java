package io.gatehouse.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Notices between two nodes, as the Redis user of {@code server-config/redis/users.acl}. */
class NodeNoticesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void everyNodeReceivesANoticeAndTheCacheIgnoresIt() {
        try (TestRedis redis = TestRedis.start()) {
            String url = GatehouseUser.at(redis);
            try (CacheNode one = new CacheNode(Map.of("REDIS_URL", url));
                    CacheNode two = new CacheNode(Map.of("REDIS_URL", url))) {
                Eventually.holds(
                        "both are connected", TIMEOUT, () -> one.cache.isConnected() && two.cache.isConnected());
                List<String> received = new CopyOnWriteArrayList<>();
                one.cache.notices().listen("jobs", () -> received.add("one"));
                two.cache.notices().listen("jobs", () -> received.add("two"));
                two.cache.notices().send("unknown");
                two.cache.notices().send("jobs");
                Eventually.within(TIMEOUT, () -> assertThat(received).containsExactlyInAnyOrder("one", "two"));
                assertThat(one.cache.gaps()).isZero();
            }
        }
    }
}
