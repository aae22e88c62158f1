package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.ConnectionPair;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/** The commands of a request for a session that its node has read before, counted by Redis, and what such a request sees. */
@RedisTest
@ParameterizedClass
@EnumSource(Topology.class)
class PlainReadTest {
    private static final Pattern CALLS =
            Pattern.compile("cmdstat_(eval|evalsha|hgetall|hset|time|zmscore|hmget):calls=(\\d+)");

    @SuppressWarnings("NullAway.Init") // set before each invocation of the class
    private static ConnectionPair connections;

    @SuppressWarnings("NullAway.Init") // set before each invocation of the class
    private static List<TestRedis> masters;

    private final Node first;
    private final Node second;

    /** JUnit requires the topology as a parameter; {@link #connect} has used it. */
    PlainReadTest(Topology topology) {
        first = new Node(connections.first());
        second = new Node(connections.second());
    }

    @BeforeParameterizedClassInvocation
    static void connect(Topology topology) {
        connections = ConnectionPair.to(topology, RedisPurpose.SESSIONS);
        masters = topology.shared().masters();
    }

    @AfterParameterizedClassInvocation
    static void disconnect() {
        connections.close();
    }

    /** Runs an action, and returns how often the masters have run each command meanwhile. Scripts count with the commands inside. */
    private static Map<String, Integer> commandsOf(Runnable action) {
        for (TestRedis master : masters) {
            try (Jedis client = new Jedis("127.0.0.1", master.port())) {
                client.configResetStat();
            }
        }
        action.run();
        Map<String, Integer> calls = new TreeMap<>();
        for (TestRedis master : masters) {
            try (Jedis client = new Jedis("127.0.0.1", master.port())) {
                for (MatchResult one :
                        CALLS.matcher(client.info("commandstats")).results().toList()) {
                    calls.merge(one.group(1), Integer.parseInt(one.group(2)), Integer::sum);
                }
            }
        }
        return calls;
    }

    private static void read(Node node, String token, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(node.get(token, "a")).isEqualTo(1);
        }
    }

    @Test
    void aSessionThatWasReadBeforeIsReadWithoutAScript() {
        String token = first.stored("a", 1, "large", "x".repeat(1000));
        assertThat(commandsOf(() -> read(first, token, 1)))
                .as("the first read of a node")
                .containsEntry("evalsha", 1);
        assertThat(commandsOf(() -> read(first, token, 10)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("hgetall", 10, "time", 10));
    }

    @Test
    void aRevocationIsCheckedWithOneCommand() {
        String token = first.stored("a", 1, Session.USER_ATTRIBUTE, "alice");
        read(first, token, 1);
        assertThat(commandsOf(() -> read(first, token, 10)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("hgetall", 10, "time", 10, "zmscore", 10));
    }

    @Test
    void aChangeOfAnotherNodeIsReadWithoutAScript() {
        String token = first.stored("a", 0, "large", "x".repeat(1000));
        assertThat(first.get(token, "a")).isEqualTo(0);
        second.set(token, "a", 1);
        second.set(token, "large", "y".repeat(2000));
        assertThat(commandsOf(() -> read(first, token, 1)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("hgetall", 1, "time", 1));
        assertThat(first.get(token, "large")).isEqualTo("y".repeat(2000));
    }

    @Test
    void manyReadsCauseOneRecordOfTheirUse() {
        String token = first.stored("a", 1);
        read(first, token, 100);
        assertThat(commandsOf(first.sessions::noteUse)).as("no use is due").isEmpty();
        assertThat(commandsOf(first.sessions::noteEveryUse)).containsEntry("hset", 1);
        assertThat(commandsOf(first.sessions::noteEveryUse)).isEmpty();
    }

    @Test
    void theUseOfASessionThatHasEndedIsNotRecorded() {
        String token = first.stored("a", 1);
        read(first, token, 2);
        Session session = first.mustOpen(token);
        first.sessions.invalidate(session);
        first.sessions.release(session);
        assertThat(commandsOf(first.sessions::noteEveryUse)).isEmpty();
    }

    @Test
    void anEndOnOneNodeIsSeenByTheNextRequestOnAnother() {
        String ended = first.stored("a", 1);
        String terminated = first.stored("a", 1);
        read(first, ended, 2);
        read(first, terminated, 2);
        Session session = second.mustOpen(ended);
        second.sessions.invalidate(session);
        second.sessions.release(session);
        Session named = second.mustOpen(terminated);
        second.sessions.release(named);
        second.manager.terminate(named.handle());
        assertThat(commandsOf(() -> assertThat(first.open(ended)).isNull()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("hgetall", 1, "time", 1));
        assertThat(first.open(terminated)).isNull();
        assertThat(first.sessions.counters().of(SessionEvent.TOKEN_WITHOUT_SESSION))
                .isEqualTo(2);
    }

    @Test
    void aRevocationOnOneNodeIsSeenByTheNextRequestOnAnother() {
        String token = first.stored("a", 1, Session.USER_ATTRIBUTE, "bob");
        read(first, token, 2);
        Session here = first.mustOpen(token);
        second.loseFromIndex(here); // so that the revocation alone rejects the session
        first.sessions.release(here);
        second.manager.terminateUserSessions("bob", null);
        assertThat(first.open(token)).isNull();
        assertThat(first.sessions.counters().of(SessionEvent.TOKEN_SIGNED_OUT)).isEqualTo(1);
    }

    @Test
    void anIdChangeOnOneNodeIsSeenByTheNextRequestOnAnother() {
        String before = first.stored("a", 1);
        read(first, before, 2);
        Session session = second.mustOpen(before);
        session.changeId();
        second.sessions.save(session);
        second.sessions.release(session);
        String after = second.sessions.token(session);
        assertThat(first.open(before)).isNull();
        assertThat(first.sessions.counters().of(SessionEvent.TOKEN_SUPERSEDED)).isEqualTo(1);
        read(first, after, 2);
    }
}
