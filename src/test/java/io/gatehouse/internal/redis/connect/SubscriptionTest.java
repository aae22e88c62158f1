package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.ChannelListener;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.redis.Subscription;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.CountingProxy.Fault;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** What is published is heard, and whoever listens is told when it may not have been. */
@Timeout(60)
class SubscriptionTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String CHANNEL = "gatehouse:news";

    /** Writes down what it hears. */
    private static class Notes implements ChannelListener {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void connected() {
            heard.add("connected");
        }

        @Override
        public void received(byte[] message) {
            heard.add(new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void lost() {
            heard.add("lost");
        }

        void soon(String... all) {
            Eventually.within(SOON, () -> assertThat(heard).containsExactly(all));
        }
    }

    private final Notes notes = new Notes();

    @Test
    void aSubscriptionReceivesPublishedMessages() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url(3))) {
            Subscription subscription = subscribe(connections);
            notes.soon("connected");
            assertThat(publish(redis, "one")).isEqualTo(1);
            publish(redis, "two");
            notes.soon("connected", "one", "two");
            subscription.close();
            assertThat(publish(redis, "three")).isZero();
            assertThat(notes.heard).containsExactly("connected", "one", "two");
        }
    }

    @Test
    void connectsAgainWhenTheServerComesBack() throws IOException {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            subscribe(connections);
            notes.soon("connected");
            redis.process().kill();
            notes.soon("connected", "lost");
            redis.process().restart();
            notes.soon("connected", "lost", "connected");
            publish(redis, "again");
            notes.soon("connected", "lost", "connected", "again");
        }
    }

    @Test
    void waitsForAServerThatComesAfterUs() throws IOException {
        TestRedis redis = TestRedis.start();
        redis.process().stop();
        try (redis;
                RedisConnections connections = Connections.to(redis.url())) {
            subscribe(connections);
            redis.process().restart();
            notes.soon("connected");
        }
    }

    @Test
    void noticesThatAServerIsFrozen() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            subscribe(connections);
            notes.soon("connected");
            redis.freeze(true);
            notes.soon("connected", "lost");
            redis.freeze(false);
            Eventually.within(
                    SOON.multipliedBy(2),
                    () -> assertThat(notes.heard).containsExactly("connected", "lost", "connected"));
        }
    }

    @Test
    void aSubscriptionNoticesASilentConnection() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            subscribe(connections);
            notes.soon("connected");
            proxy.fault(Fault.SILENT);
            notes.soon("connected", "lost");
        }
    }

    @Test
    void keepsAConnectionThroughWhichNothingIsPublished() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            subscribe(connections);
            notes.soon("connected");
            proxy.takeRoundTrips();
            int[] asked = new int[1];
            Eventually.holds("asked for longer than a silent one is kept", SOON.multipliedBy(2), () -> {
                asked[0] += proxy.takeRoundTrips();
                return asked[0] > 7;
            });
            notes.soon("connected");
        }
    }

    @Test
    void aListenerThatThrowsGoesOnToBeTold() {
        ChannelListener thrower = new ChannelListener() {
            @Override
            public void connected() {
                notes.connected();
                throw new IllegalStateException("connected");
            }

            @Override
            public void received(byte[] message) {
                notes.received(message);
                throw new IllegalStateException("received");
            }

            @Override
            public void lost() {
                notes.lost();
                throw new IllegalStateException("lost");
            }
        };
        try (LogCapture log = new LogCapture(ChannelSubscription.class.getName());
                TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            connections.subscribe(RedisPurpose.SESSIONS, CHANNEL, thrower);
            notes.soon("connected");
            publish(redis, "one");
            publish(redis, "two");
            notes.soon("connected", "one", "two");
            proxy.cut();
            notes.soon("connected", "one", "two", "lost", "connected");
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARNING A listener to " + CHANNEL))
                    .hasSizeGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void aListenerMayCloseItsSubscription() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            Subscription[] own = new Subscription[1];
            own[0] = connections.subscribe(RedisPurpose.SESSIONS, CHANNEL, new Notes() {
                @Override
                public void received(byte[] message) {
                    own[0].close();
                    notes.received(message);
                }
            });
            Eventually.holds("it listens", SOON, () -> publish(redis, "end") > 0);
            notes.soon("end");
            Eventually.holds("no thread is left", SOON, () -> !hasThread());
        }
    }

    @Test
    void closingASubscriptionLeavesNoThread() throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            try (RedisConnections connections = Connections.to(redis.url())) {
                subscribe(connections);
                subscribe(connections);
                notes.soon("connected", "connected");
                assertThat(hasThread()).isTrue();
            }
            assertThat(hasThread()).isFalse();
            redis.process().kill();
            try (RedisConnections connections = Connections.to(redis.url())) {
                subscribe(connections);
                assertThat(hasThread()).isTrue();
            }
            assertThat(hasThread()).isFalse();
        }
    }

    @Test
    void hearsOnAClusterWhatIsPublishedAtAnyNode() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections connections = Connections.with(cluster.settings())) {
            subscribe(connections);
            notes.soon("connected");
            for (int i = 0; i < 3; i++) {
                publish(cluster.nodes().get(i), "from " + i);
            }
            Eventually.within(
                    SOON,
                    () -> assertThat(notes.heard).containsExactlyInAnyOrder("connected", "from 0", "from 1", "from 2"));
        }
    }

    @Test
    void followsTheMasterThatTheSentinelsName() {
        try (TestSentinel sentinel = new TestSentinel();
                RedisConnections connections = Connections.with(sentinel.settings())) {
            subscribe(connections);
            notes.soon("connected");
            sentinel.master().freeze(true);
            Eventually.within(
                    Duration.ofSeconds(20),
                    () -> assertThat(publish(sentinel.replica(), "new")).isEqualTo(1));
            Eventually.within(
                    SOON, () -> assertThat(notes.heard).containsExactly("connected", "lost", "connected", "new"));
        }
    }

    private Subscription subscribe(RedisConnections connections) {
        return connections.subscribe(RedisPurpose.SESSIONS, CHANNEL, notes);
    }

    private static long publish(TestRedis redis, String message) {
        try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
            return client.publish(CHANNEL, message);
        }
    }

    private static boolean hasThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("gatehouse-redis-listen"));
    }
}
