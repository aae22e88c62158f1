package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestSentinel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** A failover loses no change that a replica has confirmed. */
class ReplicaFailoverTest {
    private static final Duration FAILOVER = Duration.ofSeconds(20);

    /** So many changes of Redis that clients who do not wait for the replica have received a response. */
    private static final int MANY = 30;

    @Test
    void aPlannedFailoverLosesNoConfirmedChange() throws InterruptedException {
        keepsConfirmedChanges((sentinel, acknowledged) -> {
            sentinel.failover();
            Eventually.holds("the sentinels agree", FAILOVER, () -> sentinel.agreeOn(sentinel.replica()));
            Eventually.holds("the old master follows", FAILOVER, () -> {
                int before = minimum(acknowledged);
                Eventually.holds("they count on", Duration.ofSeconds(10), () -> minimum(acknowledged) > before);
                return true;
            });
        });
    }

    /** The replica has not received the last changes, which were not confirmed. */
    @Test
    void aCrashOfTheMasterLosesNoConfirmedChange() throws InterruptedException {
        keepsConfirmedChanges((sentinel, acknowledged) -> {
            sentinel.replica().freeze(true);
            try (Jedis jedis = new Jedis("127.0.0.1", sentinel.master().port())) {
                jedis.clientKill(new ClientKillParams().type(ClientType.REPLICA));
                String before = jedis.info("persistence");
                Eventually.holds(
                        "more changes", FAILOVER, () -> changes(jedis.info("persistence")) > changes(before) + MANY);
            }
            sentinel.master().process().kill();
            sentinel.replica().freeze(false);
            Eventually.holds("the sentinels agree", FAILOVER, () -> sentinel.agreeOn(sentinel.replica()));
        });
    }

    private static long changes(String info) {
        return info.lines()
                .filter(line -> line.startsWith("rdb_changes_since_last_save:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    /** Clients increment counters in their sessions; each acknowledged value must survive the failover. */
    private static void keepsConfirmedChanges(BiConsumer<TestSentinel, int[]> failover) throws InterruptedException {
        try (TestSentinel sentinel = new TestSentinel();
                RedisConnections toSentinel = Connections.with(sentinel.settings())) {
            Node careful = new Node(toSentinel, ReplicaAcknowledgementTest.ALL_BY_ONE_REPLICA);
            int clients = 8;
            String[] tokens = new String[clients];
            int[] acknowledged = new int[clients];
            List<String> losses = new CopyOnWriteArrayList<>();
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                tokens[i] = careful.stored("n", 0);
                threads.add(new Thread(() -> countUp(careful, tokens[number], acknowledged, number, stop, losses)));
            }
            threads.forEach(Thread::start);
            Eventually.holds("they count", Duration.ofSeconds(20), () -> minimum(acknowledged) > 20);
            failover.accept(sentinel, acknowledged);
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(losses).isEmpty();
            try (RedisConnections direct = Connections.to(sentinel.replica().url())) {
                Node after = new Node(direct);
                for (int i = 0; i < clients; i++) {
                    assertThat((Integer) after.get(tokens[i], "n")).isGreaterThanOrEqualTo(acknowledged[i]);
                }
            }
        }
    }

    /** A later write hides a loss, so every request first looks at what is stored. */
    private static void countUp(
            Node node, String token, int[] acknowledged, int number, AtomicBoolean stop, List<String> losses) {
        for (int next = 1; !stop.get(); next++) {
            try {
                Session session = node.mustOpen(token);
                try {
                    Object stored = session.attribute("n", Node.LOADER);
                    if (!(stored instanceof Integer value) || value < acknowledged[number]) {
                        losses.add(stored + " instead of " + acknowledged[number]);
                    }
                    session.setAttribute("n", next);
                    node.sessions.save(session);
                } finally {
                    node.sessions.release(session);
                }
                synchronized (acknowledged) {
                    acknowledged[number] = next;
                }
            } catch (RedisUnavailableException e) {
                LockSupport.parkNanos(5_000_000); // a client pauses after an error
            }
        }
    }

    private static int minimum(int[] counts) {
        synchronized (counts) {
            return Arrays.stream(counts).min().orElse(0);
        }
    }
}
