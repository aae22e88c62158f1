package io.gatehouse.internal.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.ScriptArgs;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.Node;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.EndReason;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** One node notifies the listeners of the end of a session, once, with its attributes and the reason. */
@RedisTest
class SessionReaperTest {
    private static final ClassLoader LOADER = SessionReaperTest.class.getClassLoader();
    private static TestRedis redis;
    private static RedisConnections connections;

    private final List<String> notified = new ArrayList<>();
    private Node one;
    private Node two;

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
        one = new Node(connections, Node.settings(false), new NotificationRecorder());
        two = new Node(connections, Node.settings(false), new NotificationRecorder());
    }

    private final class NotificationRecorder implements SessionObserver {
        @Override
        public void ended(SessionRepository sessionRepository, Session session, EndReason reason) {
            Object name = session.attribute("name", LOADER);
            if ("bad".equals(name)) {
                throw new IllegalStateException("a bad listener");
            }
            synchronized (notified) {
                notified.add(name + " " + reason.label() + " " + session.user());
            }
        }
    }

    private String stored(String name) {
        return one.stored("name", name, Session.USER_ATTRIBUTE, "alice");
    }

    @Test
    void notifiesListenersOfTheAttributesOfAnExpiredSession() {
        stored("a");
        RedisClockShift.makeIdle(redis);
        assertThat(two.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(notified).containsExactly("a expired alice");
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void notifiesListenersOfAnAbsoluteEnd() {
        stored("a");
        RedisClockShift.makeAbsolute(redis);
        assertThat(one.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(notified).containsExactly("a absolute alice");
    }

    @Test
    void notifiesListenersOfALogoutAndOfATermination() {
        Session session = one.mustOpen(stored("a"));
        assertThat(one.sessions.invalidate(session)).isTrue();
        assertThat(one.sessions.invalidate(session)).isFalse();
        String token = stored("b");
        String handle = one.manager.getUserSessions("alice").get(0).handle();
        assertThat(two.manager.terminate(handle).ended()).isEqualTo(1);
        assertThat(two.manager.terminate(handle).ended()).isZero();
        assertThat(notified).containsExactly("a logout alice", "b admin alice");
        assertThat(one.open(token)).isNull();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void twoConcurrentLogoutsNotifyListenersOnce() {
        String token = stored("a");
        Session here = one.mustOpen(token);
        Session there = two.mustOpen(token);
        assertThat(one.sessions.invalidate(here)).isTrue();
        assertThat(two.sessions.invalidate(there)).isTrue();
        assertThat(notified).containsExactly("a logout alice");
    }

    @Test
    void concurrentCleanUpsNotifyListenersOfEachSessionOnce() throws Exception {
        int sessions = 400;
        for (int i = 0; i < sessions; i++) {
            stored("s" + i);
        }
        RedisClockShift.makeIdle(redis);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Integer>> counts = new ArrayList<>();
        for (Node node : List.of(one, two, one, two)) {
            counts.add(threads.submit(() -> {
                go.await();
                return node.manager.cleanupExpiredSessions();
            }));
        }
        go.countDown();
        int sum = 0;
        for (Future<Integer> count : counts) {
            sum += count.get();
        }
        threads.shutdown();
        assertThat(sum).isEqualTo(sessions);
        assertThat(notified).hasSize(sessions).doesNotHaveDuplicates();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void aSessionWhoseEndIsClaimedCannotBeUsed() {
        String token = stored("a");
        Session held = two.mustOpen(token);
        claimAndDie(EndReason.ADMIN);
        assertThat(one.open(token)).isNull();
        held.setAttribute("more", 1);
        assertThat(two.sessions.save(held)).isFalse();
        assertThat(held.isEnded()).isTrue();
        assertThat(two.manager.getUserSessions("alice")).isEmpty();
        assertThat(two.sessions.counters().of(SessionEvent.SAVED_TOO_LATE)).isEqualTo(1);
    }

    @Test
    void anotherNodeNotifiesListenersAfterTheLeaseOfADeadNode() {
        stored("a");
        claimAndDie(EndReason.ADMIN);
        RedisClockShift.makeDue(redis);
        assertThat(two.manager.cleanupExpiredSessions()).isZero();
        assertThat(notified).isEmpty();

        RedisClockShift.endLeases(redis);
        RedisClockShift.makeDue(redis);
        assertThat(two.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(notified).containsExactly("a admin alice");
        assertThat(redis.keys()).isEmpty();
    }

    private void claimAndDie(EndReason reason) {
        EndClaims claims = new EndClaims(RedisClockShift.format());
        String key = redis.sessionKey();
        String lookup = key.substring(key.lastIndexOf(':') + 1);
        String index = key.substring(0, key.indexOf("}") + 1) + ":x";
        EndClaims.EndClaim endClaim = connections.send(
                claims.claim(ScriptArgs.encode(key), ScriptArgs.encode(index), lookup, reason, true, null));
        assertThat(endClaim).isInstanceOf(EndClaims.Claimed.class);
    }

    @Test
    void aFailingListenerAndAForgedRecordDoNotPreventOtherEnds() {
        stored("bad");
        RedisClockShift.forgeAll(redis);
        stored("bad");
        stored("good");
        RedisClockShift.makeIdle(redis);
        try (LogCapture log = new LogCapture("io.gatehouse")) {
            assertThat(one.manager.cleanupExpiredSessions()).isEqualTo(3);
            assertThat(log.lines()).anyMatch(line -> line.contains("A listener of the end of session"));
            assertThat(log.lines()).anyMatch(line -> line.contains("failed verification: record_forged"));
        }
        assertThat(notified).containsExactly("good expired alice");
        assertThat(redis.keys().stream().filter(key -> key.contains(":s:"))).isEmpty();
    }

    @Test
    void aKeyOfAnotherTypeIsRemovedAndDoesNotPreventOtherEnds() {
        stored("a");
        String key = redis.sessionKey();
        try (RedisClient client = redis.client()) {
            client.del(key);
            client.set(key, "not a hash");
        }
        stored("b");
        RedisClockShift.makeIdle(redis);
        assertThat(one.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(notified).containsExactly("b expired alice");
        assertThat(redis.keys().stream().filter(name -> name.contains(":s:"))).isEmpty();
    }

    @Test
    void theCostOfACleanUpDependsOnExpiredSessionsOnly() {
        long alone = scriptsToCleanUp(10, 0);
        assertThat(scriptsToCleanUp(10, 2000)).isEqualTo(alone);
        assertThat(alone)
                .as("64 buckets, then 10 claims, 10 removals and 10 index updates")
                .isEqualTo(64 + 30);
    }

    private long scriptsToCleanUp(int over, int alive) {
        redis.flush();
        for (int i = 0; i < over; i++) {
            stored("over" + i);
        }
        RedisClockShift.makeIdle(redis);
        for (int i = 0; i < alive; i++) {
            stored("alive" + i);
        }
        long before = scripts();
        assertThat(one.manager.cleanupExpiredSessions()).isEqualTo(over);
        return scripts() - before;
    }

    /** Returns the number of {@code EVALSHA} calls that Redis has executed. */
    private static long scripts() {
        try (RedisClient client = redis.client()) {
            return client.info("commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_evalsha:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("^[^=]*calls=(\\d+),.*", "$1")))
                    .sum();
        }
    }
}
