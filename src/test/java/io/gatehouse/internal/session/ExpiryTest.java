package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Sessions expire by idle timeout and by absolute timeout. The tests move time by changing the recorded last use. */
@RedisTest
class ExpiryTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static TestRedis redis;
    private static RedisConnections connections;

    private Node node;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        connections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        connections.close();
    }

    @BeforeEach
    void empty() {
        node = new Node(connections);
    }

    @Test
    void anExpiredSessionIsNotOpenedAndNotRevivedByAnAttempt() {
        String token = node.stored("a", 1);
        moveLastUse(last -> last - HOUR);
        assertThat(node.open(token)).isNull();
        assertThat(node.open(token)).isNull();
        assertThat(node.sessions.counters().of(SessionEvent.TOKEN_WITHOUT_SESSION))
                .isEqualTo(2);
    }

    @Test
    void usingASessionExtendsItsLife() {
        String token = node.stored("a", 1);
        moveLastUse(last -> last - HOUR / 3);
        assertThat(node.get(token, "a")).isEqualTo(1);
        moveLastUse(last -> last - HOUR / 3);
        assertThat(node.get(token, "a")).isEqualTo(1);
    }

    @Test
    void aSessionReturnsTheTimeOfThePreviousRequest() {
        String token = node.stored("a", 1);
        moveLastUse(last -> last - HOUR / 3);
        Session session = node.mustOpen(token);
        assertThat(Duration.between(session.lastAccessedAt(), Instant.now()))
                .isBetween(Duration.ofMinutes(19), Duration.ofMinutes(21));
        node.sessions.release(session);
    }

    @Test
    void aForgedLastUseDoesNotExtendASessionBeyondItsSignedEnd() {
        String token = node.stored("a", 1);
        Session session = node.mustOpen(token);
        assertThat(session.live()
                        .metadata()
                        .isExpired(Long.MAX_VALUE / 2, session.live().metadata().expiresAt()))
                .isTrue();
        node.sessions.release(session);
    }

    @Test
    void aChangedIdleTimeoutAppliesFromTheNextRequest() {
        String token = node.stored("a", 1);
        Session session = node.mustOpen(token);
        session.setIdleSeconds(7200);
        node.sessions.save(session);
        node.sessions.release(session);
        moveLastUse(last -> last - HOUR);
        assertThat(node.mustOpen(token).idleSeconds()).isEqualTo(7200);
    }

    @Test
    void aSessionWithoutIdleTimeoutLivesUntilItsAbsoluteEnd() {
        Session session = node.sessions.create(-1, Map.of());
        node.sessions.save(session);
        node.sessions.release(session);
        moveLastUse(last -> last - 10 * HOUR);
        assertThat(node.mustOpen(node.sessions.token(session)).idleSeconds()).isZero();
    }

    @Test
    void theCleanUpRemovesExpiredSessionsWithTheirIndexEntriesAndNoOthers() {
        String over = node.stored(Session.USER_ATTRIBUTE, "alice", "a", 1);
        String key = redis.sessionKey();
        String alive = node.stored(Session.USER_ATTRIBUTE, "alice");
        moveLastUse(key, last -> last - HOUR);
        makeEverythingDue();
        assertThat(node.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(node.manager.cleanupExpiredSessions()).isZero();
        assertThat(node.open(over)).isNull();
        assertThat(node.get(alive, Session.USER_ATTRIBUTE)).isEqualTo("alice");
        assertThat(node.manager.getUserSessions("alice")).hasSize(1);
        assertThat(redis.keys().stream().filter(name -> name.contains(":s:"))).hasSize(1);
        assertThat(node.sessions.counters().of(SessionEvent.EXPIRED)).isEqualTo(1);
    }

    @Test
    void theCleanUpReindexesASessionThatWasUsedInBetween() {
        String token = node.stored("a", 1);
        makeEverythingDue();
        assertThat(node.manager.cleanupExpiredSessions()).isZero();
        try (RedisClient client = redis.client()) {
            String index = redis.keys().stream()
                    .filter(name -> name.endsWith(":x"))
                    .findFirst()
                    .orElseThrow();
            double due = client.zrangeWithScores(index, 0, -1).get(0).getScore();
            assertThat(due).isGreaterThan(System.currentTimeMillis() + HOUR / 3.0);
        }
        assertThat(node.get(token, "a")).isEqualTo(1);
    }

    @Test
    void cleaningUpManySessionsTakesFewRoundTrips() {
        for (int i = 0; i < 500; i++) {
            node.stored("n", i);
        }
        redis.keys().stream()
                .filter(name -> name.contains(":s:"))
                .forEach(key -> moveLastUse(key, last -> last - HOUR));
        makeEverythingDue();
        assertThat(node.manager.cleanupExpiredSessions()).isEqualTo(500);
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void everySessionKeyHasATimeToLive() {
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        node.set(token, "large", "x".repeat(1000));
        Session endless = node.sessions.create(0, Map.of());
        endless.setAttribute(Session.USER_ATTRIBUTE, "bob");
        node.sessions.save(endless);
        node.sessions.release(endless);
        try (RedisClient client = redis.client()) {
            assertThat(redis.keys()).hasSizeGreaterThanOrEqualTo(5).allMatch(key -> client.pttl(key) > 0);
        }
    }

    private static void makeEverythingDue() {
        RedisClockShift.makeDue(redis);
    }

    private static void moveLastUse(LongUnaryOperator change) {
        moveLastUse(redis.sessionKey(), change);
    }

    private static void moveLastUse(String key, LongUnaryOperator change) {
        RedisClockShift.moveLastUse(redis, key, change);
    }
}
