package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.lease.HeldLeases;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.internal.session.store.RedisSessionStore;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** The recording of the use of sessions during and after long requests. The tests control the clock of the node. */
@RedisTest
class SessionKeeperTest {
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static TestRedis redis;
    private static RedisConnections connections;

    private final AtomicLong nanos = new AtomicLong();
    private Node node;
    private LocalSessions live;
    private SessionKeeper keeper;

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
        live = new LocalSessions(nanos::get);
        RedisSessionStore store = new RedisSessionStore(
                connections,
                RedisClockShift.format(),
                Duration.ofHours(1),
                Duration.ZERO,
                new ReplicaAcknowledgement(0, false, event -> {}),
                new HeldLeases("node", nanos::get, InstantSource.system()),
                nanos::get);
        keeper = new SessionKeeper(connections, store, live);
    }

    /** Returns a stored session that a request holds, and whose last use was long ago. */
    private LocalSessions.Hold held() {
        Session session = node.mustOpen(node.stored("a", 1));
        LocalSessions.Hold hold = live.hold(session.keys());
        LiveSession joined = hold.join(0, Duration.ZERO, session::live);
        assertThat(joined.revisionTag()).isNotNull();
        node.sessions.release(session);
        makeLastUseOld();
        return hold;
    }

    private static void makeLastUseOld() {
        RedisClockShift.moveUse(redis, -Duration.ofMinutes(10).toMillis());
    }

    private static @Nullable String lastUse() {
        try (RedisClient client = redis.client()) {
            return client.hget(redis.sessionKey(), "t");
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aLongRequestRecordsItsUseAfterAQuarterOfTheIdleTimeout() {
        LocalSessions.Hold hold = held();
        String before = lastUse();
        pass(IDLE.dividedBy(4).minusSeconds(1));
        keeper.noteUse();
        assertThat(lastUse()).isEqualTo(before);
        pass(Duration.ofSeconds(1));
        keeper.noteUse();
        assertThat(lastUse()).isNotEqualTo(before);
        makeLastUseOld();
        String noted = lastUse();
        keeper.noteUse();
        assertThat(lastUse()).isEqualTo(noted);
        hold.release();
    }

    @Test
    void theEndOfALongRequestRecordsAUseAndThatOfAShortOneDoesNot() {
        LocalSessions.Hold hold = held();
        LiveSession session = hold.live();
        assertThat(session).isNotNull();
        String before = lastUse();
        pass(Duration.ofMillis(999));
        keeper.endOfUse(session, hold);
        keeper.noteUse();
        assertThat(lastUse()).isEqualTo(before);
        pass(Duration.ofMillis(1));
        keeper.endOfUse(session, hold);
        hold.release();
        keeper.noteUse();
        assertThat(lastUse()).isNotEqualTo(before);
    }

    @Test
    void aCutOffRequestDoesNotKeepTheSessionAlive() {
        LocalSessions.Hold hold = held();
        LiveSession session = hold.live();
        assertThat(session).isNotNull();
        session.supersede();
        String before = lastUse();
        pass(IDLE);
        keeper.endOfUse(session, hold);
        keeper.noteUse();
        assertThat(lastUse()).isEqualTo(before);
        hold.release();
    }

    /** Returns the hold of a request on a session whose use was recorded some time before. */
    private LocalSessions.Hold heldAfter(Duration sinceRecorded) {
        LocalSessions.Hold hold = held();
        LiveSession session = hold.live();
        hold.release();
        LocalSessions.Hold again = live.hold(hold.keys());
        again.join(0, sinceRecorded, () -> Objects.requireNonNull(session));
        return again;
    }

    private void end(LocalSessions.Hold hold) {
        keeper.endOfUse(Objects.requireNonNull(hold.live()), hold);
        hold.release();
    }

    @Test
    void theUseByShortRequestsIsRecordedOnceASixtiethOfTheIdleTimeoutHasPassed() {
        LocalSessions.Hold hold = heldAfter(Duration.ofSeconds(10));
        String before = lastUse();
        end(hold);
        pass(Duration.ofSeconds(20).minusNanos(1));
        keeper.noteUse();
        assertThat(lastUse()).isEqualTo(before);
        LocalSessions.Hold next = live.hold(hold.keys());
        assertThat(keeper.unrecordedUseBefore(next))
                .isEqualTo(Duration.ofSeconds(20).minusNanos(1));
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        assertThat(keeper.unrecordedUseBefore(next))
                .as("the time that the reply takes does not count")
                .isEqualTo(Duration.ofSeconds(20).minusNanos(1));
        next.release();
        nanos.addAndGet(-Duration.ofMillis(5).toNanos());
        pass(Duration.ofNanos(1));
        long now = System.currentTimeMillis();
        keeper.noteUse();
        assertThat(lastUse()).isNotEqualTo(before);
        assertThat(recorded()).as("the time of the use, 20 seconds ago").isBetween(now - 20_100, now - 15_000);
        assertThat(keeper.unrecordedUseBefore(live.hold(hold.keys()))).isNull();
    }

    private static long recorded() {
        String use = Objects.requireNonNull(lastUse());
        return Long.parseLong(use.substring(0, use.indexOf('/')));
    }

    @Test
    void theUseOfALongUnrecordedSessionIsDueAtOnce() {
        LocalSessions.Hold hold = heldAfter(Duration.ofMinutes(5));
        String before = lastUse();
        end(hold);
        keeper.noteUse();
        assertThat(lastUse()).isNotEqualTo(before);
    }

    @Test
    void allUsesAreRecordedWhenTheNodeStops() {
        LocalSessions.Hold hold = heldAfter(Duration.ofSeconds(1));
        String before = lastUse();
        end(hold);
        keeper.noteUse();
        assertThat(lastUse()).isEqualTo(before);
        keeper.noteEveryUse();
        assertThat(lastUse()).isNotEqualTo(before);
    }
}
