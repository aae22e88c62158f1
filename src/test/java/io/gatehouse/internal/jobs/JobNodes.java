package io.gatehouse.internal.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.testing.ConnectionPair;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.RedisClient;

/** Two nodes that submit and claim runs, on a standalone server and on a cluster. Sentinel is left out: scripts see one server. */
@RedisTest
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SENTINEL")
abstract class JobNodes {
    static final Duration SHORT_LEASE = Duration.ofMillis(200);
    static final Map<String, Integer> NAMES = Map.of("warm", 3);

    @SuppressWarnings("NullAway.Init") // set before each invocation of the class
    private static ConnectionPair connections;

    private final List<TestRedis> servers;
    private final KeyRing keys = Keys.random();

    JobNodes(Topology topology) {
        this.servers = topology.shared().masters();
    }

    @BeforeParameterizedClassInvocation
    static void connect(Topology topology) {
        connections = ConnectionPair.to(topology, RedisPurpose.CACHE_WARMING);
    }

    @AfterParameterizedClassInvocation
    static void disconnect() {
        connections.close();
    }

    final RedisJobs first(Duration lease) {
        return new RedisJobs(connections.first(), keys, "gatehouse", "shop", "node-1", lease);
    }

    final RedisJobs second(Duration lease) {
        return second(keys, lease);
    }

    final RedisJobs second(KeyRing otherKeys, Duration lease) {
        return new RedisJobs(connections.second(), otherKeys, "gatehouse", "shop", "node-2", lease);
    }

    /** Returns the servers that hold the keys. */
    final List<TestRedis> servers() {
        return servers;
    }

    static JobRun run(RedisJobs node, String id) {
        return node.find(id).orElseThrow(() -> new AssertionError("no such run"));
    }

    /** Changes a stored run, as an attacker with access to Redis could. */
    final void write(String id, String field, String value) {
        String key = "gatehouse:{shop.j}:r:" + id;
        for (TestRedis server : servers) {
            if (server.keys().contains(key)) {
                try (RedisClient client = server.client()) {
                    client.hset(key, field, value);
                }
            }
        }
    }

    final void assertEveryKeyHasATimeToLive() {
        int found = 0;
        for (TestRedis server : servers) {
            try (RedisClient client = server.client()) {
                for (String key : server.keys()) {
                    assertThat(key).startsWith("gatehouse:{shop.j}:");
                    assertThat(client.pttl(key)).as(key).isPositive();
                    found++;
                }
            }
        }
        assertThat(found).isPositive();
    }
}
