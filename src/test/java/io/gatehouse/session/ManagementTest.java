package io.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.redis.RedisConnections;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions as something to look at and to end, from a node that serves none of them. */
class ManagementTest {
    private static TestRedis redis;
    private static RedisConnections connections;

    private Node node;
    private SessionManager manager;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        connections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        connections.close();
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.flush();
        node = new Node(connections);
        manager = new Node(connections).manager;
    }

    private List<String> storedFor(String user, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> node.stored(Session.USER_ATTRIBUTE, user, "n", i))
                .toList();
    }

    private boolean isAlive(String token) {
        Session session = node.open(token);
        if (session != null) {
            node.sessions.release(session);
        }
        return session != null;
    }

    @Test
    void aListShowsWhereASessionComesFromAndHowLongItLives() {
        Session session =
                node.sessions.create(1800, Map.of(SessionInfo.DEVICE, "Firefox", SessionInfo.ADDRESS, "192.0.2.1"));
        session.setAttribute(Session.USER_ATTRIBUTE, "alice");
        node.sessions.save(session);
        node.sessions.release(session);

        SessionInfo info = manager.getUserSessions("alice").get(0);
        assertThat(info.device()).isEqualTo("Firefox");
        assertThat(info.address()).isEqualTo("192.0.2.1");
        assertThat(info.handle()).isEqualTo(session.handle());
        assertThat(info.authenticatedAt()).isEqualTo(info.createdAt());
        assertThat(info.remembered()).isFalse();
        assertThat(info.idleTimeLeft()).isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30));
        assertThat(info.expiresAt()).isEqualTo(info.createdAt().plus(Duration.ofHours(12)));
    }

    @Test
    void aCloserLookShowsNamesAndSizeAndNeverAValueAndDoesNotCountAsUse() {
        String token = node.stored("b", "secret", "a", "x".repeat(1000), Session.USER_ATTRIBUTE, "alice");
        Times.moveLastUse(redis, redis.sessionKey(), last -> last - 60_000);
        String handle = manager.getUserSessions("alice").get(0).handle();
        SessionDetails details = Objects.requireNonNull(manager.getSession(handle));
        assertThat(details.attributeNames()).containsExactly("a", "b", Session.USER_ATTRIBUTE);
        assertThat(details.bytes()).isBetween(1100L, 1500L);
        assertThat(details.toString()).doesNotContain("secret", "xxx");
        assertThat(details.info().idleTimeLeft()).isLessThan(Duration.ofMinutes(29));
        assertThat(manager.getSession("AAAAAAAAAAAAAAAAAAAAAA")).isNull();
        assertThat(manager.getSession("")).isNull();
        assertThat(isAlive(token)).isTrue();
    }

    @Test
    void aUserIsSignedOutEverywhereButHere() {
        List<String> tokens = storedFor("alice", 5);
        String other = node.stored(Session.USER_ATTRIBUTE, "bob");
        Session here = node.mustOpen(tokens.get(2));
        assertThat(manager.terminateUserSessions("alice", here.handle()).ended())
                .isEqualTo(4);
        node.sessions.release(here);
        assertThat(tokens.stream().filter(this::isAlive)).containsExactly(tokens.get(2));
        assertThat(manager.terminateUserSessions("alice", null).ended()).isEqualTo(1);
        assertThat(manager.terminateUserSessions("alice", null).ended()).isZero();
        assertThat(isAlive(other)).isTrue();
    }

    @Test
    void aUserWithMoreSessionsThanAPageIsSignedOutEverywhereToo() {
        storedFor("alice", 1100);
        assertThat(manager.terminateUserSessions("alice", null).ended()).isEqualTo(1100);
        assertThat(redis.keys()).as("the sign-out").singleElement().asString().endsWith(":n");
    }

    @Test
    void everySessionIsCountedAndEnded() {
        assertThat(manager.countSessions()).isZero();
        List<String> tokens = storedFor("alice", 300);
        node.stored("anonymous", true);
        assertThat(manager.countSessions()).isEqualTo(301);
        assertThat(manager.terminateAll().ended()).isEqualTo(301);
        assertThat(manager.countSessions()).isZero();
        assertThat(tokens).noneMatch(this::isAlive);
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void aTouchKeepsASessionAliveAndEndsNothing() {
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        String handle = manager.getUserSessions("alice").get(0).handle();
        Times.moveLastUse(redis, redis.sessionKey(), last -> last - 1_000_000);
        assertThat(manager.touch(handle)).isTrue();
        Times.moveLastUse(redis, redis.sessionKey(), last -> last - 1_000_000);
        assertThat(isAlive(token)).as("1,000 seconds of 1,800 after the touch").isTrue();
        Times.makeIdle(redis);
        assertThat(manager.touch(handle)).isFalse();
        assertThat(manager.touch("AAAAAAAAAAAAAAAAAAAAAA")).isFalse();
    }

    @Test
    void whoAsksByHandleAsksForAllKeysAtOnce() {
        String token = node.stored("a", 1);
        Session session = node.mustOpen(token);
        node.sessions.release(session);
        String handle = session.handle();
        try (CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections counted = Connections.to(proxy.url())) {
            String keys = "n2:" + App.randomKey() + "," + Node.KEYS;
            SessionManager rotating = new Node(counted, Node.settings(false), SessionObserver.NONE, keys).manager;
            assertThat(rotating.touch(handle)).isTrue();
            assertThat(rotating.getSession(handle)).isNotNull();
            proxy.takeRoundTrips();
            assertThat(rotating.touch(handle)).isTrue();
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(rotating.getSession(handle)).isNotNull();
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(rotating.terminate(handle).ended()).isEqualTo(1);
            assertThat(node.open(token)).isNull();
        }
    }

    @Test
    void aTouchDoesNotReviveWhatWasEnded() {
        node.stored(Session.USER_ATTRIBUTE, "alice");
        String handle = manager.getUserSessions("alice").get(0).handle();
        manager.terminate(handle);
        assertThat(manager.touch(handle)).isFalse();
        assertThat(redis.keys()).isEmpty();
    }
}
