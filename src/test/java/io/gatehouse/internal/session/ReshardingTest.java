package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Slots of a cluster move under load: no user is logged out, and no stored change is lost. */
@Timeout(120)
class ReshardingTest {
    private static final int THREADS = 4;
    private static final int MOVES = 60;

    @Test
    void movingSlotsLogsNoUserOut() throws Exception {
        try (TestCluster cluster = new TestCluster()) {
            Map<String, String> settings = new HashMap<>(cluster.settings());
            settings.put("GATEHOUSE_REDIS_DEADLINE", "10s"); // the machine may be busy
            try (RedisConnections connections = Connections.with(settings)) {
                Node node = new Node(connections);
                List<String> tokens = new ArrayList<>();
                List<Integer> slots = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    String token = node.stored(Session.USER_ATTRIBUTE, "user" + i, "n", 0);
                    tokens.add(token);
                    Session session = node.mustOpen(token);
                    slots.add(JedisClusterCRC16.getSlot(session.keys().recordKey()));
                    node.sessions.release(session);
                }
                AtomicInteger moving = new AtomicInteger(1);
                CyclicBarrier start = new CyclicBarrier(THREADS + 1);
                Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
                int[] counts = new int[THREADS];
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    int number = i;
                    threads.add(new Thread(() -> {
                        try {
                            start.await();
                            while (moving.get() > 0 && failures.isEmpty()) {
                                count(node, tokens.get(number), ++counts[number]);
                            }
                        } catch (Exception | AssertionError e) {
                            failures.add(e);
                        }
                    }));
                }
                threads.forEach(Thread::start);
                start.await();
                int[] owners = slots.stream().mapToInt(slot -> slot * 3 / 16384).toArray();
                for (int i = 0; i < MOVES && failures.isEmpty(); i++) {
                    int which = i % THREADS;
                    int to = (owners[which] + 1) % 3;
                    cluster.move(slots.get(which), owners[which], to);
                    for (int j = 0; j < THREADS; j++) {
                        if (slots.get(j).equals(slots.get(which))) {
                            owners[j] = to;
                        }
                    }
                }
                moving.set(0);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(failures).isEmpty();
                for (int i = 0; i < THREADS; i++) {
                    count(node, tokens.get(i), counts[i] + 1);
                }
                assertThat(node.sessions.counters().of(SessionEvent.RECORD_MALFORMED))
                        .isZero();
            }
        }
    }

    private static void count(Node node, String token, int expected) {
        Session session = node.mustOpen(token);
        try {
            assertThat(session.attribute("n", ReshardingTest.class.getClassLoader()))
                    .isEqualTo(expected - 1);
            session.setAttribute("n", expected);
            assertThat(node.sessions.save(session)).isTrue();
        } finally {
            node.sessions.release(session);
        }
    }
}
