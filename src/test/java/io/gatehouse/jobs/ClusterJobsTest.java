package io.gatehouse.jobs;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on Redis Cluster. */
class ClusterJobsTest extends JobRunnerContract {
    private static TestCluster redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    @BeforeAll
    static void start() {
        redis = new TestCluster();
        firstConnections = connections();
        secondConnections = connections();
    }

    private static RedisConnections connections() {
        return Connections.with(redis.settings(), EnumSet.of(Purpose.CACHE_WARMING));
    }

    @AfterAll
    static void stop() {
        firstConnections.close();
        secondConnections.close();
        redis.close();
    }

    @Override
    RedisConnections firstConnections() {
        return firstConnections;
    }

    @Override
    RedisConnections secondConnections() {
        return secondConnections;
    }

    @Override
    List<TestRedis> servers() {
        return redis.nodes();
    }
}
