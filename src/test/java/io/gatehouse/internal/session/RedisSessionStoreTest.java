package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.TerminationResult;
import io.gatehouse.testing.ConnectionPair;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions of two nodes on every topology of Redis. */
@RedisTest
@ParameterizedClass
@EnumSource(Topology.class)
class RedisSessionStoreTest {
    @SuppressWarnings("NullAway.Init") // set before each invocation of the class
    private static ConnectionPair connections;

    private final Node first;
    private final Node second;

    /** JUnit requires the topology as a parameter; {@link #connect} has used it. */
    RedisSessionStoreTest(Topology topology) {
        first = new Node(connections.first());
        second = new Node(connections.second());
    }

    @BeforeParameterizedClassInvocation
    static void connect(Topology topology) {
        connections = ConnectionPair.to(topology, RedisPurpose.SESSIONS);
    }

    @AfterParameterizedClassInvocation
    static void disconnect() {
        connections.close();
    }

    @Test
    void aSessionStoredByOneNodeIsReadByTheOther() {
        String token = first.stored("small", 1, "large", "x".repeat(5000));
        assertThat(second.get(token, "small")).isEqualTo(1);
        assertThat(second.get(token, "large")).isEqualTo("x".repeat(5000));
        assertThat(first.sessions.counters().of(SessionEvent.CREATED)).isEqualTo(1);
    }

    @Test
    void changesOfDifferentAttributesByTwoNodesAreBothStored() {
        String token = first.stored("a", 0, "b", 0, "c", "y".repeat(1000));
        Session here = first.mustOpen(token);
        Session there = second.mustOpen(token);
        here.setAttribute("a", 1);
        here.removeAttribute("c");
        there.setAttribute("b", 2);
        there.setAttribute("new", "z".repeat(1000));
        first.sessions.save(here);
        second.sessions.save(there);
        first.sessions.release(here);
        second.sessions.release(there);
        assertThat(second.sessions.counters().of(SessionEvent.MERGED)).isEqualTo(1);
        for (Node node : List.of(first, second)) {
            assertThat(node.get(token, "a")).isEqualTo(1);
            assertThat(node.get(token, "b")).isEqualTo(2);
            assertThat(node.get(token, "c")).isNull();
            assertThat(node.get(token, "new")).isEqualTo("z".repeat(1000));
        }
    }

    @Test
    void theLaterSaveOfTheSameAttributeWins() {
        String token = first.stored("a", 0);
        Session here = first.mustOpen(token);
        Session there = second.mustOpen(token);
        here.setAttribute("a", "first");
        there.setAttribute("a", "second");
        first.sessions.save(here);
        second.sessions.save(there);
        first.sessions.release(here);
        second.sessions.release(there);
        assertThat(first.get(token, "a")).isEqualTo("second");
    }

    @Test
    void aSaveDoesNotRestoreAnEndedSession() {
        String token = first.stored("a", 1);
        Session slow = first.mustOpen(token);
        Session quick = second.mustOpen(token);
        second.sessions.invalidate(quick);
        second.sessions.release(quick);
        slow.setAttribute("a", 2);
        assertThat(first.sessions.save(slow)).isFalse();
        first.sessions.release(slow);
        assertThat(first.open(token)).isNull();
        assertThat(second.open(token)).isNull();
        assertThat(first.sessions.counters().of(SessionEvent.SAVED_TOO_LATE)).isEqualTo(1);
    }

    @Test
    void changingTheIdKeepsTheSessionAndInvalidatesTheOldToken() {
        String old = first.stored("a", 1);
        Session session = first.mustOpen(old);
        String oldId = session.id();
        session.changeId();
        first.sessions.save(session);
        first.sessions.release(session);
        String fresh = first.sessions.token(session);
        assertThat(session.id()).isNotEqualTo(oldId);
        assertThat(second.get(fresh, "a")).isEqualTo(1);
        assertThat(second.open(old)).isNull();
        assertThat(second.sessions.counters().of(SessionEvent.TOKEN_SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void aSlowRequestStoresNothingAfterAnotherNodeHasChangedTheId() {
        String old = first.stored("a", 1);
        Session slow = first.mustOpen(old);
        Session quick = second.mustOpen(old);
        quick.changeId();
        second.sessions.save(quick);
        second.sessions.release(quick);
        slow.setAttribute("b", 2);
        assertThat(first.sessions.save(slow)).isFalse();
        assertThat(slow.isCutOff()).isTrue();
        assertThat(first.sessions.counters().of(SessionEvent.REQUEST_CUT_OFF)).isEqualTo(1);
        first.sessions.release(slow);
        assertThat(first.open(old)).isNull();
        assertThat(first.get(second.sessions.token(quick), "b")).isNull();
    }

    @Test
    void theSessionsOfAUserAreListedWithoutReadingAttributes() {
        String one = first.stored(Session.USER_ATTRIBUTE, "alice:ä😀", "a", 1);
        second.stored(Session.USER_ATTRIBUTE, "alice:ä😀");
        second.stored(Session.USER_ATTRIBUTE, "bob");
        assertThat(first.manager.getUserSessions("alice:ä😀"))
                .hasSize(2)
                .allMatch(info -> info.user().equals("alice:ä😀"));
        Session session = second.mustOpen(one);
        second.sessions.invalidate(session);
        second.sessions.release(session);
        assertThat(first.manager.getUserSessions("alice:ä😀")).hasSize(1);
        assertThat(first.manager.getUserSessions("eve")).isEmpty();
    }

    @Test
    void aSessionThatChangesItsUserIsListedUnderTheNewOneOnly() {
        String token = first.stored(Session.USER_ATTRIBUTE, "carol");
        first.set(token, Session.USER_ATTRIBUTE, "dave");
        assertThat(first.manager.getUserSessions("carol")).isEmpty();
        assertThat(first.manager.getUserSessions("dave")).hasSize(1);
    }

    @Test
    void terminatesASessionByItsHandleOnAllNodes() {
        String token = first.stored(Session.USER_ATTRIBUTE, "erin");
        String handle = first.manager.getUserSessions("erin").get(0).handle();
        assertThat(second.manager.terminate(handle).ended()).isEqualTo(1);
        assertThat(second.manager.terminate(handle).ended()).isZero();
        assertThat(first.open(token)).isNull();
        assertThat(first.manager.getUserSessions("erin")).isEmpty();
    }

    @Test
    void aRevocationCoversSessionsThatTheIndexLacks() {
        String lost = first.stored(Session.USER_ATTRIBUTE, "alice");
        String kept = first.stored(Session.USER_ATTRIBUTE, "alice", "a", 1);
        String others = first.stored(Session.USER_ATTRIBUTE, "bob", "a", 2);
        Session forgotten = first.mustOpen(lost);
        Session here = second.mustOpen(kept);
        first.loseFromIndex(forgotten);
        first.loseFromIndex(here);
        TerminationResult terminationResult = second.manager.terminateUserSessions("alice", here.handle());
        first.sessions.release(forgotten);
        second.sessions.release(here);

        assertThat(terminationResult).isEqualTo(new TerminationResult(0, 0, 0));
        assertThat(first.open(lost)).isNull();
        assertThat(second.open(lost)).isNull();
        assertThat(second.sessions.counters().of(SessionEvent.TOKEN_SIGNED_OUT)).isEqualTo(1);
        assertThat(first.get(kept, "a")).isEqualTo(1);
        assertThat(first.get(others, "a")).isEqualTo(2);

        String later = first.stored(Session.USER_ATTRIBUTE, "alice", "a", 3);
        assertThat(second.get(later, "a")).isEqualTo(3);
        second.manager.terminateUserSessions("alice", null);
        assertThat(first.open(kept)).isNull();
        assertThat(first.open(later)).isNull();
    }

    @Test
    void theCleanUpKeepsLiveSessions() {
        String token = first.stored("a", 1);
        assertThat(second.manager.cleanupExpiredSessions()).isZero();
        assertThat(first.get(token, "a")).isEqualTo(1);
    }

    /** 400 writers of different attributes and 100 readers on two nodes; every write must be there at the end. */
    @Test
    void concurrentSavesLoseNoUpdate() {
        String token = first.stored("start", 0);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            for (int i = 0; i < 400; i++) {
                String name = "n" + i;
                Node node = i % 2 == 0 ? first : second;
                int size = ThreadLocalRandom.current().nextInt(400);
                all.add(CompletableFuture.runAsync(() -> node.set(token, name, "v".repeat(size)), executor));
            }
            all.forEach(CompletableFuture::join);
        } finally {
            executor.shutdownNow();
        }
        Session session = second.mustOpen(token);
        assertThat(session.attributeNames(Node.LOADER)).hasSize(401);
        second.sessions.release(session);
    }

    /** Saves race with the end of their session; none may restore it. */
    @Test
    void aConcurrentSaveNeverResurrectsAnEndedSession() {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            for (int trial = 0; trial < 300; trial++) {
                String token = first.stored("a", 0);
                Session one = first.mustOpen(token);
                Session two = second.mustOpen(token);
                one.setAttribute("a", trial);
                two.setAttribute("b", trial);
                CompletableFuture<?> saving = CompletableFuture.runAsync(() -> first.sessions.save(one), executor);
                CompletableFuture<?> alsoSaving = CompletableFuture.runAsync(() -> second.sessions.save(two), executor);
                Session ending = first.mustOpen(token);
                first.sessions.invalidate(ending);
                CompletableFuture.allOf(saving, alsoSaving).join();
                first.sessions.release(ending);
                first.sessions.release(one);
                second.sessions.release(two);
                assertThat(first.open(token)).as("trial %d", trial).isNull();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aTerminatedSessionEndsOnceOnAllNodes() {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(first.stored("n", i, Session.USER_ATTRIBUTE, "carol"));
        }
        for (SessionInfo info : second.manager.getUserSessions("carol")) {
            assertThat(second.manager.terminate(info.handle()).ended()).isEqualTo(1);
            assertThat(first.manager.terminate(info.handle()).ended()).isZero();
        }
        assertThat(tokens).allMatch(token -> first.open(token) == null);
        assertThat(first.manager.getUserSessions("carol")).isEmpty();
        assertThat(first.manager.cleanupExpiredSessions()).isZero();
    }
}
