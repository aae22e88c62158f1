package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.TerminationResult;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** The end of a session reports how many replicas have confirmed it. */
class ReplicaAcknowledgementTest {
    private static final SessionSettings ONE_REPLICA = Node.settings(false, Map.of("GATEHOUSE_SESSION_REPLICAS", "1"));

    static final SessionSettings ALL_BY_ONE_REPLICA =
            Node.settings(false, Map.of("GATEHOUSE_SESSION_REPLICAS", "1", "GATEHOUSE_SESSION_REPLICAS_FOR", "all"));

    private TestRedis master;
    private CountingProxy proxy;
    private RedisConnections connections;
    private Node node;

    @BeforeEach
    void start() {
        master = TestRedis.start("--repl-diskless-sync-delay", "0");
        proxy = new CountingProxy(master.port());
        // waiting for a frozen replica takes half of it, and the machine may be busy
        connections = Connections.with(Map.of("REDIS_SESSION_URL", proxy.url(), "GATEHOUSE_REDIS_DEADLINE", "2s"));
        node = new Node(connections, ONE_REPLICA);
    }

    @AfterEach
    void stop() {
        connections.close();
        proxy.close();
        master.close();
    }

    private TestRedis replica() {
        TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", "" + master.port());
        Eventually.holds("the replica follows", Duration.ofSeconds(20), () -> {
            try (RedisClient client = replica.client()) {
                return client.info("replication").contains("master_link_status:up");
            }
        });
        return replica;
    }

    private String handleOf(String token) {
        Session session = node.mustOpen(token);
        node.sessions.release(session);
        return session.handle();
    }

    @Test
    void aReplicaConfirmsEveryKindOfEndWithoutMoreRoundTrips() {
        try (TestRedis replica = replica()) {
            String token = node.stored(Session.USER_ATTRIBUTE, "alice");
            String handle = handleOf(token);
            proxy.takeRoundTrips();
            assertThat(node.manager.terminate(handle)).isEqualTo(new TerminationResult(1, 1, 1));
            try (RedisClient client = replica.client()) {
                assertThat(client.keys("*:s:*")).allMatch(key -> client.hexists(key, "e"));
            }
            node.stored(Session.USER_ATTRIBUTE, "alice");
            node.stored(Session.USER_ATTRIBUTE, "alice");
            assertThat(node.manager.terminateUserSessions("alice", null)).isEqualTo(new TerminationResult(2, 1, 1));
            node.stored("a", 1);
            assertThat(node.manager.terminateAll()).isEqualTo(new TerminationResult(1, 1, 1));

            Session session = node.mustOpen(node.stored("a", 1));
            proxy.takeRoundTrips();
            node.sessions.invalidate(session);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            try (RedisClient client = replica.client()) {
                assertThat(client.keys("*:s:*")).isEmpty();
            }
            assertThat(node.sessions.counters().of(SessionEvent.END_UNCONFIRMED))
                    .isZero();
        }
    }

    @Test
    void aFrozenReplicaDelaysTheEndAndTheResultIsNotConfirmed() {
        try (TestRedis replica = replica()) {
            String token = node.stored(Session.USER_ATTRIBUTE, "alice");
            String handle = handleOf(token);
            Session loggedOut = node.mustOpen(node.stored("a", 1));
            replica.freeze(true);
            TerminationResult terminationResult = node.manager.terminate(handle);
            assertThat(terminationResult).isEqualTo(new TerminationResult(1, 0, 1));
            assertThat(terminationResult.isConfirmed()).isFalse();
            assertThat(node.open(token)).isNull();
            assertThat(node.sessions.invalidate(loggedOut)).isTrue();
            assertThat(node.open(node.sessions.token(loggedOut))).isNull();
            assertThat(node.sessions.counters().of(SessionEvent.END_UNCONFIRMED))
                    .isEqualTo(2);
            replica.freeze(false);
        }
    }

    @Test
    void withoutReplicasSessionsEndUnconfirmed() {
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        assertThat(node.manager.terminateUserSessions("alice", null)).isEqualTo(new TerminationResult(1, 0, 1));
        assertThat(node.open(token)).isNull();
        assertThat(node.manager.terminateAll()).as("nothing to confirm").isEqualTo(new TerminationResult(0, 1, 1));
    }

    @Test
    void withoutThePermissionToWaitSessionsEndUnconfirmed() {
        try (TestRedis replica = replica();
                Jedis admin = new Jedis("127.0.0.1", master.port())) {
            assertThat(replica.port()).isNotEqualTo(master.port());
            admin.aclSetUser("gate", "on", ">secret", "~*", "+@all", "-wait");
            try (RedisConnections restricted =
                    Connections.to("redis://gate:secret@127.0.0.1:" + master.port() + "/0")) {
                String token = node.stored("a", 1);
                RedisSessionManager manager = new Node(restricted, ONE_REPLICA).manager;
                assertThat(manager.terminate(handleOf(token))).isEqualTo(new TerminationResult(1, 0, 1));
                assertThat(node.open(token)).isNull();
            }
        }
    }

    @Test
    void savesWaitForReplicasOnlyIfConfigured() {
        Node plain = new Node(connections);
        plain.stored(Session.USER_ATTRIBUTE, "alice");
        TerminationResult terminationResult = plain.manager.terminateUserSessions("alice", null);
        assertThat(terminationResult).isEqualTo(new TerminationResult(1, 0, 0));
        assertThat(terminationResult.isConfirmed()).isTrue();
        plain.sessions.invalidate(plain.mustOpen(plain.stored("a", 1)));
        try (RedisClient client = master.client()) {
            assertThat(client.info("commandstats")).doesNotContain("cmdstat_wait");
        }
    }

    @Test
    void onAClusterTheMasterWithTheFewestConfirmationsCounts() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections connected = Connections.with(cluster.settings())) {
            Node clustered = new Node(connected, ONE_REPLICA);
            for (int i = 0; i < 20; i++) {
                clustered.stored(Session.USER_ATTRIBUTE, "alice");
            }
            cluster.addReplica(0);
            cluster.addReplica(1);
            assertThat(clustered.manager.terminateUserSessions("alice", null))
                    .isEqualTo(new TerminationResult(20, 0, 1));
            for (int i = 0; i < 20; i++) {
                clustered.stored(Session.USER_ATTRIBUTE, "alice");
            }
            cluster.addReplica(2);
            assertThat(clustered.manager.terminateUserSessions("alice", null))
                    .isEqualTo(new TerminationResult(20, 1, 1));
        }
    }

    @Test
    void aReplicaConfirmsSavesInTheSameRoundTrip() {
        Node careful = new Node(connections, ALL_BY_ONE_REPLICA);
        try (TestRedis replica = replica()) {
            String token = careful.stored(Session.USER_ATTRIBUTE, "alice");
            Session session = careful.mustOpen(token);
            session.setAttribute("a", 1);
            proxy.takeRoundTrips();
            careful.sessions.save(session);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            careful.sessions.release(session);
            try (RedisClient client = replica.client();
                    RedisClient ofMaster = master.client()) {
                String key = client.keys("*:s:*").iterator().next();
                assertThat(client.hgetAll(key.getBytes(StandardCharsets.US_ASCII))
                                .keySet())
                        .hasSameSizeAs(ofMaster.hgetAll(key.getBytes(StandardCharsets.US_ASCII))
                                .keySet());
                assertThat(ofMaster.info("commandstats")).contains("cmdstat_wait:calls=");
            }
            assertThat(careful.sessions.counters().of(SessionEvent.SAVE_UNCONFIRMED))
                    .isZero();
        }
    }

    @Test
    void unconfirmedChangesFailTheSaveAlthoughTheyAreStored() {
        Node careful = new Node(connections, ALL_BY_ONE_REPLICA);
        String token;
        try (TestRedis replica = replica()) {
            token = careful.stored("a", 1);
            replica.freeze(true);
            assertThatThrownBy(() -> careful.set(token, "a", 2)).isInstanceOf(RedisUnavailableException.class);
            assertThat(careful.sessions.counters().of(SessionEvent.SAVE_UNCONFIRMED))
                    .isEqualTo(1);
            replica.freeze(false);
        }
        assertThat(new Node(connections).get(token, "a")).isEqualTo(2);
    }
}
