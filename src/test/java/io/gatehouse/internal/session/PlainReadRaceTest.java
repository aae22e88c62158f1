package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.TokenVerification.Verified;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.EndReason;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** What happens between a plain read of a session, the request, and the record of its use. */
@RedisTest(args = {"--maxmemory-policy", "noeviction"})
class PlainReadRaceTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static TestRedis redis;
    private static RedisConnections connections;
    private static RedisClient client;

    private final List<EndReason> ends = new ArrayList<>();
    private Node node;
    private Node other;

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
        node = node(session -> {});
        other = node(session -> {});
    }

    private Node node(Consumer<Session> whenEnded) {
        return new Node(connections, Node.settings(false), new SessionObserver() {
            @Override
            public void ended(SessionRepository sessions, Session session, EndReason reason) {
                ends.add(reason);
                whenEnded.accept(session);
            }
        });
    }

    /** Opens a session, with an action between the reply of Redis and its use. */
    private static @Nullable Session openAround(Node node, String token, Runnable between) {
        Pipeline pipeline = new Pipeline();
        Verified verified = (Verified) node.sessions.verify(List.of(token));
        try (SessionOpening opening = node.sessions.open(verified.ticket(), pipeline)) {
            node.redis.send(pipeline);
            between.run();
            return opening.session();
        }
    }

    /** Returns the token of a session that this node may read plainly from now on. */
    private String warm() {
        String token = node.stored("a", 1);
        assertThat(node.get(token, "a")).isEqualTo(1);
        return token;
    }

    private void endOnOtherNode(String token) {
        Session session = other.mustOpen(token);
        other.sessions.invalidate(session);
        other.sessions.release(session);
    }

    private static String use() {
        return client.hget(redis.sessionKey(), "t");
    }

    private static void moveLastUse(long millis) {
        RedisClockShift.moveUse(redis, millis);
    }

    @Test
    void aRecordOfUseDoesNotReviveASessionThatEndedAfterTheRead() {
        String token = warm();
        moveLastUse(-MINUTE);
        Session session = openAround(node, token, () -> endOnOtherNode(token));
        assertThat(session).isNotNull();
        session.setAttribute("a", 2);
        assertThat(node.sessions.save(session)).isFalse();
        node.sessions.release(session);
        node.sessions.noteEveryUse();
        assertThat(redis.keys()).isEmpty();
        assertThat(ends).containsExactly(EndReason.LOGOUT);
    }

    @Test
    void aRecordOfUseAfterTheEndOfTheSessionWritesNothing() {
        String token = warm();
        moveLastUse(-MINUTE);
        node.sessions.release(node.mustOpen(token));
        endOnOtherNode(token);
        node.sessions.noteEveryUse();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void aClaimedEndRejectsThePlainReadAndTheRecordOfUse() {
        String token = warm();
        moveLastUse(-MINUTE);
        node.sessions.release(node.mustOpen(token));
        String before = use();
        List<String> seen = new ArrayList<>();
        Node ending = node(
                ended -> { // between the claim and the removal
                    seen.add("" + node.open(token));
                    node.sessions.noteEveryUse();
                    seen.add(use());
                });
        ending.manager.terminate(handle(token));
        assertThat(seen).containsExactly("null", before);
        assertThat(redis.keys()).isEmpty();
        assertThat(ends).containsExactly(EndReason.ADMIN);
    }

    private String handle(String token) {
        return ((Verified) node.sessions.verify(List.of(token))).ticket().handle();
    }

    @Test
    void anIdChangeAfterTheReadCutsTheRequestOffWhenItSaves() {
        String token = warm();
        Session session = openAround(node, token, () -> {
            Session login = other.mustOpen(token);
            login.changeId();
            other.sessions.save(login);
            other.sessions.release(login);
        });
        assertThat(session).isNotNull();
        session.setAttribute("a", 2);
        assertThat(node.sessions.save(session)).isFalse();
        assertThat(session.isCutOff()).isTrue();
        node.sessions.release(session);
        assertThat(node.open(token)).isNull();
    }

    @Test
    void aRecordOfUseThatComesAfterTheExpiryDoesNotReviveTheSession() {
        String token = warm();
        moveLastUse(-MINUTE);
        node.sessions.release(node.mustOpen(token));
        moveLastUse(-40 * MINUTE); // as if this node had stood still for so long
        String before = use();
        assertThat(other.open(token)).isNull();
        node.sessions.noteEveryUse();
        assertThat(use()).isEqualTo(before);
        assertThat(node.open(token)).isNull();
    }

    @Test
    void aUseIsRecordedWithItsOwnTimeAndOnlyForward() {
        String token = warm();
        moveLastUse(-5 * MINUTE);
        long start = System.currentTimeMillis();
        node.sessions.release(node.mustOpen(token));
        long end = System.currentTimeMillis();
        node.sessions.noteEveryUse();
        assertThat(lastUse()).isBetween(start - 50, end + 50);
        long ttl = client.pttl(redis.sessionKey());
        assertThat(ttl).isLessThanOrEqualTo(Duration.ofMinutes(90).toMillis());
        node.sessions.release(node.mustOpen(token));
        other.set(token, "a", 2);
        moveLastUse(1_000); // the save was later by more than a round trip takes
        String saved = use();
        node.sessions.noteEveryUse();
        assertThat(use()).isEqualTo(saved);
    }

    private static long lastUse() {
        return Long.parseLong(use().substring(0, use().indexOf('/')));
    }

    @Test
    void aUseThatCouldNotBeRecordedIsRecordedLater() {
        String token = warm();
        moveLastUse(-5 * MINUTE);
        node.sessions.release(node.mustOpen(token));
        long before = lastUse();
        client.configSet("maxmemory", "1");
        node.sessions.noteEveryUse();
        client.configSet("maxmemory", "0");
        assertThat(lastUse()).isEqualTo(before);
        node.sessions.noteEveryUse();
        assertThat(lastUse()).isGreaterThan(before);
    }

    @Test
    void aSessionIdleForHalfOfItsTimeoutIsRecordedByTheReadItself() {
        String token = warm();
        moveLastUse(-16 * MINUTE);
        long before = lastUse();
        node.sessions.release(node.mustOpen(token));
        assertThat(lastUse()).isGreaterThan(before + 15 * MINUTE);
    }

    @Test
    void anExpiredSessionIsRejectedByANodeThatReadItBefore() {
        String token = warm();
        moveLastUse(-30 * MINUTE);
        assertThat(node.open(token)).isNull();
        assertThat(other.open(token)).isNull();
    }

    @Test
    void theTimeOfThePreviousRequestIsKnownBeforeItIsRecorded() {
        String token = warm();
        moveLastUse(-5 * MINUTE);
        node.sessions.release(node.mustOpen(token));
        Session session = node.mustOpen(token);
        assertThat(session.lastAccessedAt().toEpochMilli()).isGreaterThan(System.currentTimeMillis() - MINUTE);
        node.sessions.release(session);
    }

    @Test
    void aChangedFieldIsNoticedByANodeThatVerifiedTheRecordBefore() {
        for (String field : List.of("m", "a", "v0")) {
            redis.flush();
            String token = node.stored("a", 1, "large", "x".repeat(1000));
            assertThat(node.get(token, "a")).isEqualTo(1);
            byte[] key = redis.sessionKey().getBytes(StandardCharsets.UTF_8);
            byte[] name = field.getBytes(StandardCharsets.UTF_8);
            byte[] bytes = client.hget(key, name);
            bytes[bytes.length - 1] ^= 1;
            client.hset(key, Map.of(name, bytes));
            assertThat(node.open(token)).as(field).isNull();
        }
        assertThat(node.sessions.counters().of(SessionEvent.RECORD_FORGED)).isEqualTo(3);
    }

    @Test
    void aRecordThatHasBecomeTooLargeIsRejectedByANodeThatReadItBefore() {
        String token = node(Map.of("GATEHOUSE_SESSION_MAX_BYTES", "150000")).stored("a", 1);
        assertThat(node.get(token, "a")).isEqualTo(1);
        client.hset(redis.sessionKey().getBytes(StandardCharsets.UTF_8), Map.of(new byte[] {'m'}, new byte[4 << 20]));
        assertThat(node.open(token)).isNull();
        assertThat(node.sessions.counters().of(SessionEvent.RECORD_TOO_LARGE)).isEqualTo(1);
    }

    private Node node(Map<String, String> settings) {
        node = new Node(connections, Node.settings(false, settings));
        return node;
    }
}
