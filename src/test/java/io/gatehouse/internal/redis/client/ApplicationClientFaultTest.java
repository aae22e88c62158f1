package io.gatehouse.internal.redis.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Calls;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** What the application's client does when Redis fails, and what it must not do to the connections of Gatehouse. */
@Timeout(60)
class ApplicationClientFaultTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static UnifiedJedis client(RedisConnections connections, RedisPurpose redisPurpose) {
        return ApplicationClient.of(connections.applicationCommands(redisPurpose));
    }

    @Test
    void aFrozenServerDelaysACommandByTheDeadlineOnly() {
        try (TestRedis server = TestRedis.start();
                RedisConnections connections = Connections.to(server.url())) {
            UnifiedJedis redis = client(connections, RedisPurpose.SESSIONS);
            redis.set("a", "1");
            server.freeze(true);
            long start = System.nanoTime();
            assertThatThrownBy(() -> redis.set("a", "2")).isInstanceOf(JedisConnectionException.class);
            assertThatThrownBy(() -> redis.get("a")).isInstanceOf(JedisConnectionException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            server.freeze(false);
            Eventually.holds("it works again", SOON, () -> "OK".equals(setOrError(redis)));
        }
    }

    private static String setOrError(UnifiedJedis redis) {
        try {
            return redis.set("a", "3");
        } catch (JedisException e) {
            return e.toString();
        }
    }

    @Test
    void theCircuitBreakerIsTheOneOfGatehouse() {
        try (TestRedis server = TestRedis.start();
                RedisConnections connections = Connections.to(server.url())) {
            UnifiedJedis redis = client(connections, RedisPurpose.SESSIONS);
            redis.set("a", "1");
            server.process().kill();
            Eventually.within(
                    SOON,
                    () -> assertThatThrownBy(() -> redis.set("a", "2"))
                            .isInstanceOf(JedisConnectionException.class)
                            .hasMessageContaining("circuit breaker is open"));
            assertThat(connections.health(RedisPurpose.SESSIONS).breaker()).isEqualTo("open");
            assertThatThrownBy(() -> redis.subscribe(new JedisPubSub() {}, "news"))
                    .isInstanceOf(JedisConnectionException.class);
        }
    }

    @Test
    void theClientFollowsAFailover() {
        try (TestSentinel sentinel = new TestSentinel();
                RedisConnections connections = Connections.with(sentinel.settings())) {
            UnifiedJedis redis = client(connections, RedisPurpose.SESSIONS);
            redis.set("a", "1");
            Eventually.holds("the replica has it", SOON, () -> {
                try (var client = sentinel.replica().client()) {
                    return "1".equals(client.get("a"));
                }
            });
            sentinel.master().process().kill();
            Eventually.holds("the new master is used", SOON, () -> "OK".equals(setOrError(redis)));
            assertThat(redis.get("a")).isEqualTo("3");
        }
    }

    @Test
    void waitingConsumersNeverHoldConnectionsThatRequestsNeed() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (TestRedis server = TestRedis.start();
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", server.url(), "REDIS_CONNECTION_POOL_SIZE", "2"))) {
            UnifiedJedis redis = client(connections, RedisPurpose.SESSIONS);
            List<CompletableFuture<?>> consumers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                consumers.add(CompletableFuture.supplyAsync(() -> redis.blpop(30.0, "queue"), threads));
            }
            Eventually.holds("both wait", SOON, () -> server.blockedClients() == 2);
            assertThat(connections.send(Calls.count("n"))).isEqualTo(1);
            assertThat(connections.health(RedisPurpose.SESSIONS).poolActive()).isZero();
            assertThatThrownBy(() -> redis.blpop(1.0, "queue"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasMessageContaining("2 connections of its own")
                    .hasMessageContaining("REDIS_CONNECTION_POOL_SIZE");
            redis.rpush("queue", "1", "2");
            consumers.forEach(CompletableFuture::join);
            assertThat(redis.blpop(1, "queue")).isNull();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void everyPurposeUsesItsDatabase() {
        try (TestRedis server = TestRedis.start();
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_SESSION_URL", server.url(2), "REDIS_URL", server.url(1)),
                        EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE))) {
            UnifiedJedis sessions = client(connections, RedisPurpose.SESSIONS);
            UnifiedJedis cache = client(connections, RedisPurpose.CACHE);
            sessions.set("k", "sessions");
            cache.set("k", "cache");
            cache.rpush("queue", "job");
            assertThat(sessions.get("k")).isEqualTo("sessions");
            assertThat(sessions.blpop(0.1, "queue")).isNull();
            assertThat(cache.blpop(1.0, "queue").getValue()).isEqualTo("job");
            try (var transaction = cache.transaction(false)) {
                transaction.watch("k");
                transaction.multi();
                var read = transaction.get("k");
                transaction.exec();
                assertThat(read.get()).isEqualTo("cache");
            }
            cache.flushDB();
            assertThat(sessions.exists("k")).isTrue();
        }
    }

    /** A thread that waits for Redis must end when Gatehouse stops. */
    @Test
    void stoppingGatehouseEndsWaitingConsumers() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (TestRedis server = TestRedis.start()) {
            RedisConnections connections = Connections.to(server.url());
            UnifiedJedis redis = client(connections, RedisPurpose.SESSIONS);
            Thread consumer = new Thread(() -> {
                try {
                    redis.blpop(50.0, "queue");
                } catch (JedisException e) {
                    thrown.set(e);
                }
            });
            consumer.start();
            Eventually.holds("it waits", SOON, () -> server.blockedClients() == 1);
            connections.close();
            consumer.join(10_000);
            assertThat(consumer.isAlive()).isFalse();
            assertThat(thrown.get()).isInstanceOf(JedisConnectionException.class);
            assertThatThrownBy(() -> redis.get("a")).isInstanceOf(JedisConnectionException.class);
        }
    }

    /** A thread that is being stopped may call again and again. That says nothing about Redis, and must not stop the requests. */
    @Test
    void commandsOfAnInterruptedThreadDoNotOpenTheCircuitBreaker() {
        try (TestRedis server = TestRedis.start();
                RedisConnections connections = Connections.to(server.url())) {
            UnifiedJedis redis = client(connections, RedisPurpose.SESSIONS);
            redis.set("a", "1");
            int refused = 0;
            try {
                for (int i = 0; i < 20; i++) {
                    Thread.currentThread().interrupt();
                    try {
                        redis.blpop(0.01, "queue");
                    } catch (JedisException e) {
                        refused++;
                    }
                }
            } finally {
                assertThat(Thread.interrupted()).as("the flag").isTrue();
            }
            assertThat(refused).isPositive();
            assertThat(connections.health(RedisPurpose.SESSIONS).breaker()).isEqualTo("closed");
            assertThat(redis.get("a")).isEqualTo("1");
        }
    }
}
