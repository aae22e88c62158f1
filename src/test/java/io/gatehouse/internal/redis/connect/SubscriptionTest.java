package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.ChannelListener;
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

/** Tests that a subscription delivers published messages and reports when some may be missing. */
@Timeout(60)
class SubscriptionTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CHANNEL = "gatehouse:news";

    /** Records the events that it receives. */
    private static class RecordingListener implements ChannelListener {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void connected() {
            events.add("connected");
        }

        @Override
        public void received(byte[] message) {
            events.add(new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void lost() {
            events.add("lost");
        }

        void awaitEvents(String... all) {
            Eventually.within(SOON, () -> assertThat(events).containsExactly(all));
        }
    }

    private final RecordingListener listener = new RecordingListener();

    @Test
    void aSubscriptionReceivesPublishedMessages() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url(3))) {
            Subscription subscription = subscribe(connections);
            listener.awaitEvents("connected");
            assertThat(publish(redis, "one")).isEqualTo(1);
            publish(redis, "two");
            listener.awaitEvents("connected", "one", "two");
            subscription.close();
            assertThat(publish(redis, "three")).isZero();
            assertThat(listener.events).containsExactly("connected", "one", "two");
        }
    }

    @Test
    void reconnectsWhenTheServerIsBack() throws IOException {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            subscribe(connections);
            listener.awaitEvents("connected");
            redis.process().kill();
            listener.awaitEvents("connected", "lost");
            redis.process().restart();
            listener.awaitEvents("connected", "lost", "connected");
            publish(redis, "again");
            listener.awaitEvents("connected", "lost", "connected", "again");
        }
    }

    @Test
    void connectsWhenTheServerStartsLater() throws IOException {
        TestRedis redis = TestRedis.start();
        redis.process().stop();
        try (redis;
                RedisConnections connections = Connections.to(redis.url())) {
            subscribe(connections);
            redis.process().restart();
            listener.awaitEvents("connected");
        }
    }

    @Test
    void aSubscriptionNoticesAFrozenServer() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            subscribe(connections);
            listener.awaitEvents("connected");
            redis.freeze(true);
            listener.awaitEvents("connected", "lost");
            redis.freeze(false);
            Eventually.within(
                    SOON.multipliedBy(2),
                    () -> assertThat(listener.events).containsExactly("connected", "lost", "connected"));
        }
    }

    @Test
    void aSubscriptionNoticesASilentConnection() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            subscribe(connections);
            listener.awaitEvents("connected");
            proxy.fault(Fault.SILENT);
            listener.awaitEvents("connected", "lost");
        }
    }

    @Test
    void keepsAConnectionWithoutMessages() {
        try (TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            subscribe(connections);
            listener.awaitEvents("connected");
            proxy.takeRoundTrips();
            int[] asked = new int[1];
            Eventually.holds("more pings than a silent connection would survive", SOON.multipliedBy(2), () -> {
                asked[0] += proxy.takeRoundTrips();
                return asked[0] > 4;
            });
            listener.awaitEvents("connected");
        }
    }

    @Test
    void aListenerThatThrowsReceivesLaterEvents() {
        ChannelListener thrower = new ChannelListener() {
            @Override
            public void connected() {
                listener.connected();
                throw new IllegalStateException("connected");
            }

            @Override
            public void received(byte[] message) {
                listener.received(message);
                throw new IllegalStateException("received");
            }

            @Override
            public void lost() {
                listener.lost();
                throw new IllegalStateException("lost");
            }
        };
        try (LogCapture log = new LogCapture(ChannelSubscription.class.getName());
                TestRedis redis = TestRedis.start();
                CountingProxy proxy = new CountingProxy(redis.port());
                RedisConnections connections = Connections.to(proxy.url())) {
            connections.subscribe(RedisPurpose.SESSIONS, CHANNEL, thrower);
            listener.awaitEvents("connected");
            publish(redis, "one");
            publish(redis, "two");
            listener.awaitEvents("connected", "one", "two");
            proxy.cut();
            listener.awaitEvents("connected", "one", "two", "lost", "connected");
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
            own[0] = connections.subscribe(RedisPurpose.SESSIONS, CHANNEL, new RecordingListener() {
                @Override
                public void received(byte[] message) {
                    own[0].close();
                    listener.received(message);
                }
            });
            Eventually.holds("the subscription is active", SOON, () -> publish(redis, "end") > 0);
            listener.awaitEvents("end");
            Eventually.holds("no thread is left", SOON, () -> !hasThread());
        }
    }

    @Test
    void closingASubscriptionLeavesNoThread() throws IOException {
        Eventually.holds("the threads of earlier tests have ended", SOON, () -> !hasThread());
        try (TestRedis redis = TestRedis.start()) {
            try (RedisConnections connections = Connections.to(redis.url())) {
                subscribe(connections);
                subscribe(connections);
                listener.awaitEvents("connected", "connected");
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
    void receivesMessagesPublishedOnAnyNodeOfACluster() {
        try (TestCluster cluster = new TestCluster();
                RedisConnections connections = Connections.with(cluster.settings())) {
            subscribe(connections);
            listener.awaitEvents("connected");
            for (int i = 0; i < 3; i++) {
                publish(cluster.nodes().get(i), "from " + i);
            }
            Eventually.within(
                    SOON,
                    () -> assertThat(listener.events)
                            .containsExactlyInAnyOrder("connected", "from 0", "from 1", "from 2"));
        }
    }

    @Test
    void aSubscriptionFollowsTheMasterOfTheSentinels() {
        try (TestSentinel sentinel = new TestSentinel();
                RedisConnections connections = Connections.with(sentinel.settings())) {
            subscribe(connections);
            listener.awaitEvents("connected");
            sentinel.master().freeze(true);
            Eventually.within(
                    Duration.ofSeconds(20),
                    () -> assertThat(publish(sentinel.replica(), "new")).isEqualTo(1));
            Eventually.within(
                    SOON, () -> assertThat(listener.events).containsExactly("connected", "lost", "connected", "new"));
        }
    }

    private Subscription subscribe(RedisConnections connections) {
        return connections.subscribe(RedisPurpose.SESSIONS, CHANNEL, listener);
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
