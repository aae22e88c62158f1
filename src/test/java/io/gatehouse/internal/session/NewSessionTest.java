package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** The lifetime of a session whose client never returns. */
@RedisTest
class NewSessionTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long GRACE = Duration.ofHours(1).toMillis();
    private static TestRedis redis;
    private static RedisConnections connections;
    private static RedisClient client;

    private Node node;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        connections = Connections.to(redis.url());
        client = redis.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        connections.close();
    }

    @BeforeEach
    void empty() {
        node = node(Map.of());
    }

    private static Node node(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("GATEHOUSE_SESSION_NEW_TIMEOUT", "10m"));
        settings.putAll(more);
        return new Node(connections, Node.settings(false, settings));
    }

    private static void pass(long minutes) {
        RedisClockShift.moveLastUse(redis, redis.sessionKey(), last -> last - minutes * MINUTE);
    }

    private static long minutesToLive() {
        return (client.pttl(redis.sessionKey()) - GRACE + MINUTE / 2) / MINUTE;
    }

    @Test
    void aNewSessionEndsTenMinutesAfterItsCreation() {
        String token = node.stored("a", 1);
        assertThat(minutesToLive()).isEqualTo(10);
        pass(9);
        String other = node.sessions.token(node.mustOpen(token));
        assertThat(other).isEqualTo(token);
        redis.flush();
        String late = node.stored("a", 1);
        pass(10);
        assertThat(node.open(late)).isNull();
    }

    @Test
    void aNewSessionGetsItsFullTimeoutWhenItsClientReturns() {
        String token = node.stored("a", 1);
        Session session = node.mustOpen(token);
        assertThat(session.idleSeconds()).isEqualTo(1800);
        node.sessions.release(session);
        assertThat(client.hexists(redis.sessionKey(), "i")).isFalse();
        assertThat(minutesToLive()).isEqualTo(30);
        pass(29);
        assertThat(node.get(token, "a")).isEqualTo(1);
        pass(30);
        assertThat(node.open(token)).isNull();
    }

    @Test
    void theApplicationSeesItsOwnTimeoutInANewSession() {
        Session session = node.create();
        assertThat(session.idleSeconds()).isEqualTo(1800);
        session.setIdleSeconds(3600);
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(minutesToLive()).isEqualTo(10);
        Session back = node.mustOpen(node.sessions.token(session));
        assertThat(back.idleSeconds()).isEqualTo(3600);
        assertThat(minutesToLive()).isEqualTo(60);
    }

    @Test
    void savingANewSessionAgainDoesNotExtendIt() {
        Session session = node.create();
        session.setAttribute("a", 1);
        node.sessions.save(session);
        session.setAttribute("a", 2);
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(minutesToLive()).isEqualTo(10);
        Session back = node.mustOpen(node.sessions.token(session));
        session.setAttribute("a", 3);
        node.sessions.save(session);
        assertThat(minutesToLive())
                .as("after a late save by the request that created the session")
                .isEqualTo(30);
        node.sessions.release(back);
    }

    @Test
    void aLoginGivesANewSessionItsFullTimeout() {
        node.stored(Session.USER_ATTRIBUTE, "alice");
        assertThat(minutesToLive()).isEqualTo(30);
        redis.flush();
        Session session = node.create();
        session.setAttribute("a", 1);
        node.sessions.save(session);
        assertThat(minutesToLive()).isEqualTo(10);
        session.setAttribute(Session.USER_ATTRIBUTE, "alice");
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(minutesToLive()).isEqualTo(30);
    }

    @Test
    void aSessionWithoutIdleTimeoutLivesUntilItsAbsoluteEndOnceItsClientReturns() {
        Session session = node.sessions.create(0, Map.of());
        session.setAttribute("a", 1);
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(minutesToLive()).isEqualTo(10);
        node.sessions.release(node.mustOpen(node.sessions.token(session)));
        assertThat(minutesToLive()).isEqualTo(12 * 60);
        pass(600);
        assertThat(node.get(node.sessions.token(session), "a")).isEqualTo(1);
    }

    @Test
    void aShorterTimeoutOfTheApplicationAppliesToANewSession() {
        Session session = node.sessions.create(120, Map.of());
        session.setAttribute("a", 1);
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(minutesToLive()).isEqualTo(2);
    }

    @Test
    void aNewSessionTimeoutOfZeroHasNoEffect() {
        node = node(Map.of("GATEHOUSE_SESSION_NEW_TIMEOUT", "0"));
        node.stored("a", 1);
        assertThat(minutesToLive()).isEqualTo(30);
    }

    @Test
    void theCleanUpRemovesAnExpiredNewSession() {
        String token = node.stored("a", 1);
        pass(11);
        assertThat(node.manager.getSession(token.isEmpty() ? "" : handle(token)))
                .isNull();
        RedisClockShift.makeDue(redis);
        assertThat(node.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(redis.keys()).isEmpty();
    }

    private String handle(String token) {
        return node.sessions.verify(java.util.List.of(token)) instanceof TokenVerification.Verified verified
                ? verified.ticket().handle()
                : "";
    }
}
