package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.internal.session.store.SessionInfoFactory;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionPage;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists, inspects and terminates sessions from a node that serves none of their requests. */
@RedisTest
class ManagementTest {
    private static TestRedis redis;
    private static RedisConnections connections;

    private Node node;
    private RedisSessionManager manager;

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
    void aListShowsTheOriginAndTheLifetimeOfASession() {
        Session session = node.sessions.create(
                1800, Map.of(SessionInfoFactory.DEVICE, "Firefox", SessionInfoFactory.ADDRESS, "192.0.2.1"));
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
    void detailsShowAttributeNamesAndSizeButNoValuesAndRecordNoUse() {
        String token = node.stored("b", "secret", "a", "x".repeat(1000), Session.USER_ATTRIBUTE, "alice");
        RedisClockShift.moveLastUse(redis, redis.sessionKey(), last -> last - 60_000);
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
    void terminatingTheSessionsOfAUserKeepsTheExceptedOne() {
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
    void terminatesAllSessionsOfAUserWithMoreThanOnePage() {
        storedFor("alice", 1100);
        assertThat(manager.terminateUserSessions("alice", null).ended()).isEqualTo(1100);
        assertThat(redis.keys()).as("the revocation").singleElement().asString().endsWith(":n");
    }

    @Test
    void countsAndTerminatesAllSessions() {
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
    void touchingASessionExtendsItsLife() {
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        String handle = manager.getUserSessions("alice").get(0).handle();
        RedisClockShift.moveLastUse(redis, redis.sessionKey(), last -> last - 1_000_000);
        assertThat(manager.touch(handle)).isTrue();
        RedisClockShift.moveLastUse(redis, redis.sessionKey(), last -> last - 1_000_000);
        assertThat(isAlive(token)).as("1,000 seconds of 1,800 after the touch").isTrue();
        RedisClockShift.makeIdle(redis);
        assertThat(manager.touch(handle)).isFalse();
        assertThat(manager.touch("AAAAAAAAAAAAAAAAAAAAAA")).isFalse();
    }

    @Test
    void aHandleIsSearchedUnderAllSigningKeysInOneRoundTrip() {
        String token = node.stored("a", 1);
        Session session = node.mustOpen(token);
        node.sessions.release(session);
        String handle = session.handle();
        try (CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections counted = Connections.to(proxy.url())) {
            String keys = "n2:" + App.randomKey() + "," + Node.KEYS;
            RedisSessionManager rotating = new Node(counted, Node.settings(false), SessionObserver.NONE, keys).manager;
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
    void touchingAnEndedSessionDoesNotReviveIt() {
        node.stored(Session.USER_ATTRIBUTE, "alice");
        String handle = manager.getUserSessions("alice").get(0).handle();
        manager.terminate(handle);
        assertThat(manager.touch(handle)).isFalse();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void everySessionIsOnAtLeastOnePage() {
        storedFor("alice", 150);
        node.stored("n", 1);
        storedFor("bob", 149);

        Set<String> seen = new HashSet<>();
        List<Integer> sizes = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            SessionPage page = manager.list(cursor, 50);
            page.sessions().forEach(session -> seen.add(session.handle()));
            sizes.add(page.sessions().size());
            cursor = page.next();
        }
        assertThat(seen).hasSize(300);
        assertThat(sizes).hasSizeGreaterThan(2).allMatch(size -> size <= 50 + 128);
    }

    @Test
    void aPageOfSessionsTakesThreeRoundTrips() {
        storedFor("alice", 20);
        try (CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections counted = Connections.to(proxy.url())) {
            RedisSessionManager far = new Node(counted).manager;
            far.list("", 10);
            proxy.takeRoundTrips();
            assertThat(far.list("", 1000).sessions()).hasSize(20);
            assertThat(proxy.takeRoundTrips()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "64.0", "1", "-1.0", "1.123456789012345678901", "0.0 ", "1.0\n"})
    void anInvalidCursorIsRejected(String cursor) {
        assertThatThrownBy(() -> manager.list(cursor, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("invalid cursor");
    }

    @Test
    void aPageLimitOutOfRangeIsRejected() {
        assertThatThrownBy(() -> manager.list("", 0)).hasMessageContaining("expected 1 to 1000");
        assertThatThrownBy(() -> manager.list("", 1001)).hasMessageContaining("expected 1 to 1000");
    }

    @Test
    void anotherProcessEndsSessionsAndANodeNotifiesTheListeners() {
        List<String> notified = new ArrayList<>();
        Node listening = new Node(connections, Node.settings(false), new SessionObserver() {
            @Override
            public void ended(SessionRepository sessionRepository, Session session, EndReason reason) {
                notified.add(session.user() + " " + reason.label());
            }
        });
        List<String> tokens = storedFor("alice", 2);
        String other = node.stored("n", 1);
        RedisSessionManager outside = new Node(connections, Node.settings(false), SessionObserver.ELSEWHERE).manager;

        assertThat(outside.terminateUserSessions("alice", null).ended()).isEqualTo(2);
        assertThat(tokens).noneMatch(this::isAlive);
        assertThat(notified).isEmpty();
        assertThat(outside.getUserSessions("alice")).isEmpty();
        assertThat(outside.terminateAll().ended()).isEqualTo(1);
        assertThat(isAlive(other)).isFalse();

        assertThat(listening.manager.cleanupExpiredSessions()).isEqualTo(3);
        assertThat(notified).containsExactlyInAnyOrder("alice admin", "alice admin", " admin");
        assertThat(listening.manager.cleanupExpiredSessions()).isZero();
        assertThat(manager.countSessions()).isZero();
    }
}
