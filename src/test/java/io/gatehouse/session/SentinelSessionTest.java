package io.gatehouse.session;

import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestSentinel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract on Redis Sentinel. */
class SentinelSessionTest extends SessionStoreContract {
    private static TestSentinel redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    private Node first;
    private Node second;

    @BeforeAll
    static void start() {
        redis = new TestSentinel();
        firstConnections = Connections.with(redis.settings());
        secondConnections = Connections.with(redis.settings());
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
