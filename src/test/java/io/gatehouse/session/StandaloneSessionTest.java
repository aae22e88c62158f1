package io.gatehouse.session;

import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract on one Redis server. */
class StandaloneSessionTest extends SessionStoreContract {
    private static TestRedis redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    private Node first;
    private Node second;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        firstConnections = Connections.to(redis.url());
        secondConnections = Connections.to(redis.url());
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
        first = new Node(firstConnections);
        second = new Node(secondConnections);
    }

    @Override
    Node first() {
        return first;
    }

    @Override
    Node second() {
        return second;
    }
}
