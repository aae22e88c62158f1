package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.testing.ConnectionPair;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/** Sessions that a node reads from its copy under a lease, while other nodes change and end them. */
@RedisTest
@ParameterizedClass
@EnumSource(Topology.class)
class LeasedReadTest {
    private static final Pattern CALLS =
            Pattern.compile("cmdstat_(eval|evalsha|hgetall|zmscore|publish|mget):calls=(\\d+)");

    /** The time for which a writer waits for a node that does not answer. */
    private static final Duration PATIENCE = Duration.ofMillis(2200);

    @SuppressWarnings("NullAway.Init") // set before each invocation of the class
    private static ConnectionPair connections;

    @SuppressWarnings("NullAway.Init") // set before each invocation of the class
    private static List<TestRedis> masters;

    private final Node holder;
    private final Node other;
    private final Node strict;

    /** JUnit requires the topology as a parameter; {@link #connect} has used it. */
    LeasedReadTest(Topology topology) {
        holder = new Node(connections.first(), Node.settings(false, Map.of("GATEHOUSE_SESSION_READS", "leased")));
        other = new Node(connections.second(), Node.settings(false, Map.of("GATEHOUSE_SESSION_READS", "leased")));
        strict = new Node(connections.second());
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

    @BeforeEach
    void awaitSubscriptions() {
        for (Node node : List.of(holder, other)) {
            String token = node.stored("a", 1);
            Eventually.within(Duration.ofSeconds(10), () -> {
                node.get(token, "a");
                assertThat(commandsOf(() -> node.get(token, "a"))).isEmpty();
            });
        }
    }

    @AfterEach
    void stop() {
        holder.sessions.close();
        other.sessions.close();
        strict.sessions.close();
    }

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

    /** Stores a session of a user, and lets the holder read it under a lease. */
    private String leased() {
        String token = strict.stored("a", 1, Session.USER_ATTRIBUTE, "alice");
        assertThat(holder.get(token, "a")).isEqualTo(1);
        assertThat(commandsOf(() -> assertThat(holder.get(token, "a")).isEqualTo(1)))
                .as("the holder answers from its copy")
                .isEmpty();
        return token;
    }

    private static Duration timeOf(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void logout(Node node, String token) {
        Session session = node.mustOpen(token);
        node.sessions.invalidate(session);
        node.sessions.release(session);
    }

    @Test
    void aSessionIsReadOnceForManyRequests() {
        String token = strict.stored("a", 1, Session.USER_ATTRIBUTE, "alice");
        assertThat(commandsOf(() -> {
                    for (int i = 0; i < 100; i++) {
                        assertThat(holder.get(token, "a")).isEqualTo(1);
                    }
                }))
                .as("two scripts in one round trip: the session, and the revocation of its user")
                .containsEntry("evalsha", 2)
                .doesNotContainKey("zmscore");
    }

    @Test
    void aChangeUnderALeaseCostsOneScriptAndTheNextReadTakesAnotherLease() {
        String token = leased();
        assertThat(commandsOf(() -> holder.set(token, "a", 2))).containsEntry("evalsha", 1);
        assertThat(commandsOf(() -> assertThat(holder.get(token, "a")).isEqualTo(2)))
                .containsEntry("evalsha", 2);
        assertThat(commandsOf(() -> assertThat(holder.get(token, "a")).isEqualTo(2)))
                .isEmpty();
        assertThat(commandsOf(() -> logout(holder, token))).containsEntry("evalsha", 2);
        assertThat(holder.open(token)).isNull();
    }

    @Test
    void aLogoutOnAnotherNodeIsSeenAtOnce() {
        String token = leased();
        assertThat(timeOf(() -> logout(other, token))).isLessThan(PATIENCE);
        assertThat(holder.open(token)).isNull();
    }

    @Test
    void aLogoutOnANodeWithoutLeasesIsSeenAtOnce() {
        String token = leased();
        assertThat(timeOf(() -> logout(strict, token))).isLessThan(PATIENCE);
        assertThat(holder.open(token)).isNull();
    }

    @Test
    void aLogoutOnTheHolderIsSeenByTheHolder() {
        String token = leased();
        logout(holder, token);
        assertThat(holder.open(token)).isNull();
        assertThat(other.open(token)).isNull();
    }

    @Test
    void aTerminationIsSeenAtOnce() {
        String token = leased();
        Session session = other.mustOpen(token);
        other.sessions.release(session);
        assertThat(other.manager.terminate(session.handle()).ended()).isEqualTo(1);
        assertThat(holder.open(token)).isNull();
    }

    @Test
    void aSignOutEverywhereIsSeenAtOnce() {
        String one = leased();
        String two = leased();
        assertThat(timeOf(() -> other.manager.terminateUserSessions("alice", null)))
                .isLessThan(PATIENCE);
        assertThat(holder.open(one)).isNull();
        assertThat(holder.open(two)).isNull();
    }

    @Test
    void aChangeOnAnotherNodeIsSeenAtOnce() {
        String token = leased();
        for (int i = 2; i < 30; i++) {
            int value = i;
            assertThat(timeOf(() -> other.set(token, "a", value))).isLessThan(PATIENCE);
            assertThat(holder.get(token, "a")).isEqualTo(value);
        }
    }

    @Test
    void anIdChangeOnAnotherNodeIsSeenAtOnce() {
        String token = leased();
        Session session = other.mustOpen(token);
        session.changeId();
        other.sessions.save(session);
        other.sessions.release(session);
        assertThat(holder.open(token)).isNull();
        assertThat(holder.get(other.sessions.token(session), "a")).isEqualTo(1);
    }

    @Test
    void aWriterWaitsForANodeThatDoesNotAnswerButNotTwice() {
        String first = leased();
        String second = leased();
        noteHolder("dead", 5);
        assertThat(timeOf(() -> other.set(first, "a", 2))).isGreaterThanOrEqualTo(PATIENCE);
        assertThat(holder.get(first, "a")).isEqualTo(2);
        assertThat(timeOf(() -> logout(other, second)))
                .as("a lease that is known to have ended, because the node took a later one that has ended")
                .isLessThan(PATIENCE);
        assertThat(holder.open(second)).isNull();
    }

    /** Notes in every list of holders that a node has taken a lease. */
    private static void noteHolder(String node, long number) {
        for (TestRedis master : masters) {
            try (Jedis client = new Jedis("127.0.0.1", master.port())) {
                client.keys("gatehouse:*:h:*").forEach(key -> client.hset(key, node, Long.toString(number)));
            }
        }
    }

    @Test
    void manyEndsWaitForADeadNodeTogether() {
        for (int i = 0; i < 5; i++) {
            String unused = leased();
        }
        noteHolder("killed", 7);
        assertThat(timeOf(() -> other.manager.terminateUserSessions("alice", null)))
                .isLessThan(PATIENCE.multipliedBy(3)); // the revocation, and all terminations at once
    }

    @Test
    void anEmptyUserNameSignsNoSessionOut() {
        String token = strict.stored("a", 1);
        assertThat(strict.manager.terminateUserSessions("", null).ended()).isZero();
        assertThat(strict.get(token, "a")).isEqualTo(1);
    }

    @Test
    void aNodeThatStopsKeepsNobodyWaiting() {
        String token = leased();
        holder.sessions.close();
        assertThat(timeOf(() -> logout(other, token))).isLessThan(PATIENCE);
        assertThat(holder.open(token)).isNull();
    }
}
