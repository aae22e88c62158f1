package io.gatehouse.ratelimit;

import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestRedis;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract on one server. */
class StandaloneLoginTest extends LoginGuardContract {
    private static TestRedis redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    private LoginNode one;
    private LoginNode two;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        firstConnections = connections();
        secondConnections = connections();
    }

    private static RedisConnections connections() {
        return Connections.with(Map.of("REDIS_RATE_LIMIT_URL", redis.url()), EnumSet.of(Purpose.RATE_LIMIT));
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
        return List.of(redis);
    }
}
