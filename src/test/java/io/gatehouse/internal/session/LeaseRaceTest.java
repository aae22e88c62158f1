package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.EndReason;
import io.gatehouse.testing.ConnectionPair;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** Leased reads while requests overlap, messages are lost, and Redis has lost the lists of holders. */
@RedisTest
class LeaseRaceTest {
    /** The time for which a writer waits for a node that does not answer. */
    private static final Duration PATIENCE = Duration.ofMillis(2200);

    private final TestRedis redis = TestRedis.shared();
    private final ConnectionPair connections = ConnectionPair.to(Topology.STANDALONE, RedisPurpose.SESSIONS);
    private final Node holder =
            new Node(connections.first(), Node.settings(false, Map.of("GATEHOUSE_SESSION_READS", "leased")));
    private final Node other = new Node(connections.second());
    private final Node third = new Node(connections.second());

    @BeforeEach
    void awaitSubscription() {
        String unused = leased();
    }

    @AfterEach
    void stop() {
        holder.sessions.close();
        other.sessions.close();
        third.sessions.close();
        connections.close();
    }

    /** Stores a session, and lets the holder read it under a lease. */
    private String leased() {
        loseHolders();
        String token = other.stored("a", 1);
        Eventually.within(Duration.ofSeconds(10), () -> {
            assertThat(holder.get(token, "a")).isEqualTo(1);
            assertThat(holders()).isNotEmpty();
        });
        return token;
    }

    private List<String> holders() {
        return redis.keys().stream().filter(key -> key.contains("}:h:")).toList();
    }

    /** Deletes the lists of holders, as a failover may. */
    private void loseHolders() {
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            holders().forEach(client::del);
        }
    }

    /** Notes in every list of holders that a node which never answers has taken a lease. */
    private void noteDeadHolder() {
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            holders().forEach(key -> client.hset(key, "dead", "5"));
        }
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    @Test
    void aTokenThatIsNewerThanTheCopyIsReadFromRedis() {
        String token = leased();
        loseHolders();
        Session session = other.mustOpen(token);
        session.changeId();
        other.sessions.save(session);
        other.sessions.release(session);
        assertThat(holder.get(other.sessions.token(session), "a")).isEqualTo(1);
    }

    @Test
    void aRequestWhoseChangeAnotherRequestHasStoredWaitsAsWell() {
        String token = leased();
        noteDeadHolder();
        Session one = other.mustOpen(token);
        Session two = other.mustOpen(token);
        two.setAttribute("a", 2);
        long start = System.nanoTime();
        CompletableFuture<Boolean> storing = CompletableFuture.supplyAsync(() -> other.sessions.save(one));
        Eventually.within(
                Duration.ofSeconds(10), () -> assertThat(third.get(token, "a")).isEqualTo(2));
        other.sessions.save(two);
        assertThat(millisSince(start))
                .as("the holder may still have a copy")
                .isGreaterThanOrEqualTo(PATIENCE.toMillis());
        assertThat(storing.join()).isTrue();
        other.sessions.release(one);
        other.sessions.release(two);
    }

    @Test
    void aChangeThatAnotherNodeHasJustMadeWaitsAsWell() {
        String token = leased();
        noteDeadHolder();
        Session same = third.mustOpen(token);
        same.setAttribute("a", 2);
        long start = System.nanoTime();
        CompletableFuture<Void> storing = CompletableFuture.runAsync(() -> other.set(token, "a", 2));
        Eventually.within(
                Duration.ofSeconds(10),
                () -> assertThat(other.sessions.counters().of(SessionEvent.SAVED))
                        .isPositive());
        third.sessions.save(same);
        assertThat(millisSince(start))
                .as("the holder may still have a copy")
                .isGreaterThanOrEqualTo(PATIENCE.toMillis());
        third.sessions.release(same);
        storing.join();
    }

    @Test
    void listenersAreNotifiedOfATerminationWhenNoNodeHasACopyAnyMore() {
        AtomicLong notified = new AtomicLong();
        Node manager = new Node(connections.second(), Node.settings(false), new SessionObserver() {
            @Override
            public void ended(SessionRepository sessions, Session session, EndReason reason) {
                notified.set(System.nanoTime());
            }
        });
        String token = leased();
        noteDeadHolder();
        Session session = manager.mustOpen(token);
        manager.sessions.release(session);
        long start = System.nanoTime();
        assertThat(manager.manager.terminate(session.handle()).ended()).isEqualTo(1);
        assertThat(Duration.ofNanos(notified.get() - start))
                .as("the holder may still have a copy")
                .isGreaterThanOrEqualTo(PATIENCE);
        manager.sessions.close();
    }

    @Test
    void aLogoutWhileTheSubscriptionIsCutIsSeenAtOnce() {
        for (int i = 0; i < 5; i++) {
            String token = leased();
            try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
                long unused = client.clientKill(new ClientKillParams().type(ClientType.PUBSUB));
            }
            Session session = other.mustOpen(token);
            other.sessions.invalidate(session);
            other.sessions.release(session);
            assertThat(holder.open(token)).isNull();
        }
    }

    @Test
    void aWriterThatMustNotPublishWaitsForTheEndOfTheLease() {
        String url = GatehouseUser.at(redis);
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            client.aclSetUser("gatehouse", "-publish", "resetchannels");
        }
        try (RedisConnections limited = Connections.to(url)) {
            Node writer = new Node(limited);
            String token = leased();
            Session session = writer.mustOpen(token);
            writer.sessions.invalidate(session);
            writer.sessions.release(session);
            assertThat(holder.open(token)).isNull();
            writer.sessions.close();
        } finally {
            try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
                long unused = client.aclDelUser("gatehouse");
            }
        }
    }
}
