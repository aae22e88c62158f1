package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.session.TerminationResult;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Two nodes act on one session at the same time, 3,000 times each: no ended session is restored, and no change is lost. */
@RedisTest
class RaceTest {
    private static final int TRIALS = 3_000;
    private static TestRedis redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final CyclicBarrier start = new CyclicBarrier(2);
    private Node one;
    private Node two;

    @BeforeAll
    static void connect(TestRedis server) {
        redis = server;
        firstConnections = Connections.to(redis.url());
        secondConnections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        firstConnections.close();
        secondConnections.close();
    }

    @BeforeEach
    void empty() {
        one = new Node(firstConnections);
        two = new Node(secondConnections);
    }

    @AfterEach
    void everySessionKeyHasATimeToLiveAfterRaces() {
        threads.shutdownNow();
        try (RedisClient client = redis.client()) {
            assertThat(redis.keys()).allMatch(key -> client.pttl(key) > 0);
        }
    }

    /** Runs both actions concurrently and returns their results. */
    private <A, B> List<@Nullable Object> together(Callable<A> here, Callable<B> there) throws Exception {
        Future<A> first = threads.submit(() -> {
            start.await();
            return here.call();
        });
        Future<B> second = threads.submit(() -> {
            start.await();
            return there.call();
        });
        List<@Nullable Object> results = new ArrayList<>();
        results.add(first.get());
        results.add(second.get());
        return results;
    }

    private static boolean change(Node node, Session session, String name, Object value) {
        session.setAttribute(name, value);
        boolean saved = node.sessions.save(session);
        node.sessions.release(session);
        return saved;
    }

    @Test
    void aSaveNeverRestoresATerminatedSession() throws Exception {
        int resurrections = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String token = one.stored("a", 1);
            Session session = one.mustOpen(token);
            String handle = session.handle();
            together(() -> change(one, session, "a", 2), () -> two.manager.terminate(handle));
            resurrections += one.open(token) == null && two.open(token) == null ? 0 : 1;
        }
        assertThat(resurrections).isZero();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void aSaveNeverRestoresARevokedSessionThatTheIndexLacks() throws Exception {
        int resurrections = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String token = one.stored(Session.USER_ATTRIBUTE, "alice");
            Session session = one.mustOpen(token);
            one.loseFromIndex(session);
            together(
                    () -> change(
                            one,
                            session,
                            Session.REMEMBER_ATTRIBUTE,
                            true), // changes the end, which updates the user index
                    () -> two.manager.terminateUserSessions("alice", null));
            resurrections += one.open(token) == null && two.open(token) == null ? 0 : 1;
        }
        assertThat(resurrections).isZero();
    }

    @Test
    void aSaveNeverRestoresALoggedOutSession() throws Exception {
        int resurrections = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String token = one.stored("a", 1);
            Session here = one.mustOpen(token);
            Session there = two.mustOpen(token);
            together(() -> change(one, here, "a", 2), () -> two.sessions.invalidate(there));
            two.sessions.release(there);
            resurrections += one.open(token) == null ? 0 : 1;
        }
        assertThat(resurrections).isZero();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void aSaveIsStoredBeforeAnIdChangeAndDroppedAfterIt() throws Exception {
        int wrong = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String token = one.stored("a", 1);
            Session here = one.mustOpen(token);
            Session there = two.mustOpen(token);
            List<@Nullable Object> saved = together(() -> change(one, here, "a", 2), () -> {
                there.changeId();
                return two.sessions.save(there);
            });
            String fresh = two.sessions.token(there);
            two.sessions.release(there);
            Integer expected = Boolean.TRUE.equals(saved.get(0)) ? 2 : 1;
            boolean right = expected.equals(one.get(fresh, "a")) && one.open(token) == null;
            wrong += right && Boolean.TRUE.equals(saved.get(1)) ? 0 : 1;
            two.sessions.invalidate(two.mustOpen(fresh));
        }
        assertThat(wrong).isZero();
    }

    @Test
    void concurrentChangesOfDifferentAttributesAreBothStored() throws Exception {
        int lost = 0;
        String token = one.stored("a", 0, "b", 0);
        for (int trial = 1; trial <= TRIALS; trial++) {
            int value = trial;
            Session here = one.mustOpen(token);
            Session there = two.mustOpen(token);
            together(() -> change(one, here, "a", value), () -> change(two, there, "b", value));
            Integer expected = value;
            lost += expected.equals(one.get(token, "a")) && expected.equals(two.get(token, "b")) ? 0 : 1;
        }
        assertThat(lost).isZero();
    }

    @Test
    void ofConcurrentChangesOfOneAttributeBothNodesSeeTheSame() throws Exception {
        int torn = 0;
        String token = one.stored("a", "");
        for (int trial = 0; trial < TRIALS; trial++) {
            Session here = one.mustOpen(token);
            Session there = two.mustOpen(token);
            String left = "left" + trial;
            String right = "right" + trial;
            together(() -> change(one, here, "a", left), () -> change(two, there, "a", right));
            Object seen = String.valueOf(one.get(token, "a"));
            boolean whole = List.of(left, right).contains(seen) && seen.equals(two.get(token, "a"));
            torn += whole ? 0 : 1;
        }
        assertThat(torn).isZero();
    }

    @Test
    void twoConcurrentTerminationsEndASessionOnce() throws Exception {
        int wrong = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            one.stored("a", trial, Session.USER_ATTRIBUTE, "alice");
            String handle = one.manager.getUserSessions("alice").get(0).handle();
            List<@Nullable Object> ended =
                    together(() -> one.manager.terminate(handle), () -> two.manager.terminate(handle));
            wrong += ended.stream()
                                    .mapToInt(end -> end instanceof TerminationResult some ? some.ended() : 0)
                                    .sum()
                            == 1
                    ? 0
                    : 1;
        }
        assertThat(wrong).isZero();
        assertThat(redis.keys()).isEmpty();
    }
}
