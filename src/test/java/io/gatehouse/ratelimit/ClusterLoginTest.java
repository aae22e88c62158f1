package io.gatehouse.ratelimit;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract on Redis Cluster. */
class ClusterLoginTest extends LoginGuardContract {
    private static TestCluster redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    private LoginNode one;
    private LoginNode two;

    @BeforeAll
    static void start() {
        redis = new TestCluster();
        firstConnections = connections();
        secondConnections = connections();
    }

    private static RedisConnections connections() {
        return Connections.with(redis.settings(), EnumSet.of(Purpose.RATE_LIMIT));
    }

    @AfterAll
    static void stop() {
        firstConnections.close();
        secondConnections.close();
        redis.close();
    }

    @BeforeEach
    void fresh() {
        redis.flush();
        one = new LoginNode(firstConnections);
        two = new LoginNode(secondConnections);
    }

    @Override
    LoginNode one() {
        return one;
    }

    @Override
    LoginNode two() {
        return two;
    }

    @Override
    List<TestRedis> nodes() {
        return redis.nodes();
    }
}
