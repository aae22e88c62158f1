package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** The maximum size of a session in Redis, for writers and for readers. */
@RedisTest
class RecordSizeTest {
    private static final TestRedis redis = TestRedis.shared();
    private static final int MOST = 150_000;
    private static final int BLOWN_UP = 4 << 20;

    private RedisConnections connections;
    private Node one;
    private Node two;

    @BeforeEach
    void start() {
        connections = Connections.to(redis.url());
        SessionSettings settings = Node.settings(false, Map.of("GATEHOUSE_SESSION_MAX_BYTES", Integer.toString(MOST)));
        one = new Node(connections, settings);
        two = new Node(connections, settings);
    }

    @AfterEach
    void close() {
        connections.close();
    }

    /** Writes as an attacker with the password of Redis could. */
    private static void blowUp(String field) {
        try (RedisClient client = redis.client()) {
            client.hset(
                    redis.sessionKey().getBytes(StandardCharsets.UTF_8),
                    field.getBytes(StandardCharsets.UTF_8),
                    new byte[BLOWN_UP]);
        }
    }

    private static void addFields(int count) {
        try (RedisClient client = redis.client()) {
            Map<String, String> fields = new HashMap<>();
            for (int i = 0; i < count; i++) {
                fields.put("x" + i, "");
            }
            client.hset(redis.sessionKey(), fields);
        }
    }

    private static long bytesSent() {
        try (RedisClient client = redis.client()) {
            String stats = client.info("stats");
            return Long.parseLong(stats.replaceAll("(?s).*total_net_output_bytes:(\\d+).*", "$1"));
        }
    }

    @Test
    void anOversizedRecordIsNotRead() {
        String token = one.stored("a", 1);
        for (String field : new String[] {"v7", "a", "m"}) {
            redis.flush();
            token = one.stored(Session.USER_ATTRIBUTE, "alice");
            Session session = one.mustOpen(token);
            one.sessions.release(session);
            blowUp(field);
            long before = bytesSent();
            assertThat(two.open(token)).as(field).isNull();
            assertThat(two.manager.getSession(session.handle())).as(field).isNull();
            assertThat(two.manager.terminate(session.handle()).ended())
                    .as(field)
                    .isEqualTo(1);
            assertThat(bytesSent() - before).as(field).isLessThan(BLOWN_UP / 4);
            assertThat(redis.keys()).as(field).noneMatch(key -> key.contains(":s:"));
        }
        assertThat(two.sessions.counters().of(SessionEvent.RECORD_TOO_LARGE)).isEqualTo(3);
    }

    @Test
    void aRecordWithTooManyFieldsIsNotRead() {
        String token = one.stored("a", 1);
        addFields(20_000);
        assertThat(two.open(token)).isNull();
        assertThat(two.sessions.counters().of(SessionEvent.RECORD_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void theCleanUpRemovesAnOversizedRecord() {
        String token = one.stored("a", 1);
        blowUp("v7");
        RedisClockShift.makeIdle(redis);
        long before = bytesSent();
        assertThat(two.manager.cleanupExpiredSessions()).isEqualTo(1);
        assertThat(bytesSent() - before).isLessThan(BLOWN_UP / 4);
        assertThat(redis.keys()).noneMatch(key -> key.contains(":s:"));
        assertThat(one.open(token)).isNull();
    }

    @Test
    void aSaveDoesNotReadAnOversizedRecord() {
        String token = one.stored("a", 1);
        Session session = one.mustOpen(token);
        session.setAttribute("a", 2);
        blowUp("m");
        long before = bytesSent();
        assertThat(one.sessions.save(session)).isFalse();
        assertThat(bytesSent() - before).isLessThan(BLOWN_UP / 4);
        assertThat(one.sessions.counters().of(SessionEvent.RECORD_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void aSessionOfTheMaximumSizeIsReadByEveryNode() {
        Session session = one.create();
        for (int i = 0; i < 140; i++) {
            session.setAttribute("name" + i, new byte[990]);
        }
        assertThat(one.sessions.save(session)).isTrue();
        String token = one.sessions.token(session);
        one.sessions.release(session);
        assertThat(two.mustOpen(token).attributeNames(Node.LOADER)).hasSize(140);
    }

    @Test
    void ifTwoNodesTogetherExceedTheLimitTheLaterOneKeepsItsSmallerChanges() {
        String token = one.stored("a", 1);
        Session here = one.mustOpen(token);
        Session there = two.mustOpen(token);
        here.setAttribute("large", new byte[100_000]);
        there.setAttribute("larger", new byte[110_000]);
        there.setAttribute("small", 1);
        assertThat(one.sessions.save(here)).isTrue();
        try (LogCapture log = new LogCapture("io.gatehouse")) {
            assertThat(two.sessions.save(there)).isTrue();
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARNING session attribute larger has grown beyond a limit"));
        }
        one.sessions.release(here);
        two.sessions.release(there);
        assertThat(one.mustOpen(token).attributeNames(Node.LOADER)).containsExactlyInAnyOrder("a", "large", "small");
        assertThat(two.sessions.counters().of(SessionEvent.ATTRIBUTE_TOO_LARGE)).isEqualTo(1);
    }
}
