package io.gatehouse.jobs;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestRedis;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on one Redis server. */
class StandaloneJobsTest extends JobRunnerContract {
    private static TestRedis redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        firstConnections = connections();
        secondConnections = connections();
    }

    private static RedisConnections connections() {
        return Connections.with(Map.of("REDIS_CACHE_WARMING_URL", redis.url()), EnumSet.of(Purpose.CACHE_WARMING));
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
        return List.of(redis);
    }
}
