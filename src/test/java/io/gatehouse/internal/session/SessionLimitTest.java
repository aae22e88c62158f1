package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionLimitReachedException;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** A user never has more sessions than allowed, even under concurrent logins on several nodes. */
@RedisTest
class SessionLimitTest {
    private static final int MOST = 5;
    private static TestRedis redis;
    private static RedisConnections connections;

    private final List<String> notified = new ArrayList<>();

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
        notified.clear();
    }

    private Node node(String action) {
        return node(action, Node.KEYS);
    }

    private Node node(String action, String keys) {
        Map<String, String> settings =
                Map.of("GATEHOUSE_SESSION_LIMIT", "" + MOST, "GATEHOUSE_SESSION_LIMIT_ACTION", action);
        SessionObserver telling = new SessionObserver() {
            @Override
            public void ended(SessionRepository sessionRepository, Session session, EndReason reason) {
                synchronized (notified) {
                    notified.add(session.handle() + " " + reason.label());
                }
            }
        };
        return new Node(connections, Node.settings(false, settings), telling, keys);
    }

    private static List<String> handles(Node node) {
        return node.manager.getUserSessions("alice").stream()
                .map(SessionInfo::handle)
                .toList();
    }

    private static String logIn(Node node) {
        Eventually.nextMillisecond();
        Session session = node.create();
        session.setAttribute(Session.USER_ATTRIBUTE, "alice");
        node.sessions.save(session);
        node.sessions.release(session);
        return node.sessions.token(session);
    }

    @Test
    void evictOldestEndsTheSessionWithTheOldestLogin() {
        Node node = node("evict-oldest");
        String first = logIn(node);
        List<String> others = new ArrayList<>();
        for (int i = 1; i < MOST; i++) {
            others.add(logIn(node));
        }
        node.get(first, "anything"); // used last, but logged in first
        assertThat(handles(node)).hasSize(MOST);
        others.add(logIn(node));
        assertThat(node.open(first)).isNull();
        assertThat(others).allMatch(token -> node.open(token) != null);
        assertThat(notified).singleElement().asString().endsWith(" evicted");
        assertThat(handles(node)).hasSize(MOST);
    }

    @Test
    void evictIdleEndsTheSessionThatWasUnusedForLongest() {
        Node node = node("evict-idle");
        String first = logIn(node);
        String second = logIn(node);
        for (int i = 2; i < MOST; i++) {
            logIn(node);
        }
        Eventually.nextMillisecond();
        node.get(first, "anything");
        logIn(node);
        assertThat(node.open(second)).isNull();
        assertThat(node.open(first)).isNotNull();
    }

    @Test
    void aLoginBeyondTheLimitIsRefusedUntilASessionEnds() {
        Node node = node("deny");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            tokens.add(logIn(node));
        }
        assertThatThrownBy(() -> logIn(node))
                .isInstanceOf(SessionLimitReachedException.class)
                .hasMessage("the user already has 5 sessions, the maximum");
        node.sessions.invalidate(node.mustOpen(tokens.get(0)));
        logIn(node);
        assertThatThrownBy(() -> logIn(node)).isInstanceOf(SessionLimitReachedException.class);
        assertThat(notified).singleElement().asString().endsWith(" logout");
    }

    @Test
    void placesOfExpiredSessionsAreReused() {
        Node node = node("deny");
        for (int i = 0; i < MOST; i++) {
            logIn(node);
        }
        RedisClockShift.makeIdle(redis);
        logIn(node);
        assertThat(handles(node)).hasSize(1);
    }

    @Test
    void aReservedPlaceIsKeptUntilItsSessionIsStored() {
        Node node = node("deny");
        for (int i = 0; i < MOST; i++) {
            node.create().setAttribute(Session.USER_ATTRIBUTE, "alice"); // not saved yet
        }
        assertThatThrownBy(() -> logIn(node)).isInstanceOf(SessionLimitReachedException.class);
        endReservations();
        logIn(node);
    }

    private static void endReservations() {
        try (RedisClient client = redis.client()) {
            redis.keys().stream()
                    .filter(key -> key.endsWith(":u"))
                    .forEach(key -> client.zrange(key, 0, -1).forEach(member -> client.zadd(key, 1, member)));
        }
    }

    @Test
    void theLimitCountsSessionsUnderAllSigningKeys() {
        Node before = node("deny");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tokens.add(logIn(before));
        }
        Node rotating = node("deny", "n2:" + App.randomKey() + "," + Node.KEYS);
        logIn(rotating);
        logIn(rotating);
        assertThatThrownBy(() -> logIn(rotating)).isInstanceOf(SessionLimitReachedException.class);
        rotating.sessions.invalidate(rotating.mustOpen(tokens.get(0)));
        logIn(rotating);
        assertThatThrownBy(() -> logIn(rotating)).isInstanceOf(SessionLimitReachedException.class);
        RedisClockShift.makeIdle(redis);
        logIn(rotating);
        assertThat(handles(rotating)).hasSize(1);
    }

    @Test
    void theLimitCountsSessionsUnderThePreviousSigningKeyOnly() {
        Node before = node("deny");
        for (int i = 0; i < MOST; i++) {
            logIn(before);
        }
        Node rotating = node("deny", "n2:" + App.randomKey() + "," + Node.KEYS);
        assertThatThrownBy(() -> logIn(rotating)).isInstanceOf(SessionLimitReachedException.class);
        RedisClockShift.makeIdle(redis);
        logIn(rotating);
    }

    @Test
    void evictionEndsTheOldestSessionUnderAnySigningKey() {
        Node before = node("evict-oldest");
        String first = logIn(before);
        logIn(before);
        Node rotating = node("evict-oldest", "n2:" + App.randomKey() + "," + Node.KEYS);
        for (int i = 2; i < MOST; i++) {
            logIn(rotating);
        }
        assertThat(handles(rotating)).hasSize(MOST);
        logIn(rotating);
        assertThat(handles(rotating)).hasSize(MOST);
        assertThat(rotating.open(first)).isNull();
    }

    /** Repeats sixty-four concurrent logins on two nodes. */
    @ParameterizedTest
    @ValueSource(strings = {"deny", "evict-oldest"})
    void theLimitHoldsUnderConcurrentLogins(String action) throws Exception {
        Node one = node(action);
        Node two = node(action);
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
            for (int round = 0; round < 10; round++) {
                redis.flush();
                CountDownLatch go = new CountDownLatch(1);
                List<Future<@Nullable String>> logIns = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    Node node = i % 2 == 0 ? one : two;
                    logIns.add(threads.submit(() -> {
                        go.await();
                        try {
                            return logIn(node);
                        } catch (SessionLimitReachedException e) {
                            return null;
                        }
                    }));
                }
                go.countDown();
                List<String> tokens = new ArrayList<>();
                for (Future<@Nullable String> logIn : logIns) {
                    String token = logIn.get();
                    if (token != null) {
                        tokens.add(token);
                    }
                }
                assertThat(tokens.stream().filter(token -> one.open(token) != null))
                        .hasSize(MOST);
                assertThat(handles(one)).hasSize(MOST);
                assertThat(redis.keys().stream().filter(key -> key.contains(":s:")))
                        .hasSize(MOST);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
