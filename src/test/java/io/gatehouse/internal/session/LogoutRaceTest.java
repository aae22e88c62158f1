package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.session.EndReason;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two requests of one node that end the same session at the same time. */
@RedisTest
class LogoutRaceTest {
    private final AtomicBoolean pausing = new AtomicBoolean();

    /** Returns the same connections; the next pipeline pauses before it is sent if {@link #pausing} is set. */
    private Redis paused(Redis redis) {
        return (Redis) Proxy.newProxyInstance(
                Redis.class.getClassLoader(), new Class<?>[] {Redis.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("send") && pausing.getAndSet(false)) {
                        Overlap.pause();
                    }
                    try {
                        return method.invoke(redis, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Two requests have the session; the first has begun to end it, and has not sent anything yet. */
    private final class Logouts {
        final Session two;
        final CompletableFuture<Boolean> first;
        final CompletableFuture<Boolean> second = new CompletableFuture<>();

        Logouts(Node node) {
            String token = node.stored("a", 1);
            Session one = node.mustOpen(token);
            two = node.mustOpen(token);
            Overlap.reset();
            pausing.set(true);
            first = Overlap.start(() -> node.sessions.invalidate(one));
            Overlap.awaitPause();
        }

        /** Lets the second request end the session, and waits until it has finished or waits itself. */
        void startSecond(Node node) {
            Thread thread = new Thread(() -> second.completeAsync(() -> node.sessions.invalidate(two), Runnable::run));
            thread.start();
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(thread.getState()).isIn(Thread.State.WAITING, Thread.State.TERMINATED));
        }
    }

    @Test
    void theSecondLogoutReturnsAfterTheFirst() {
        try (RedisConnections connections = Connections.to(TestRedis.shared().url())) {
            AtomicBoolean wasWaiting = new AtomicBoolean();
            CompletableFuture<?>[] second = new CompletableFuture<?>[1];
            Node node = new Node(paused(connections), Node.settings(false), new SessionObserver() {
                @Override
                public void ended(SessionRepository sessions, Session session, EndReason reason) {
                    assertThat(sessions.invalidate(session))
                            .as("a listener does not wait for itself")
                            .isFalse();
                    second[0].join(); // nor for listeners does another request
                    wasWaiting.set(true);
                }
            });
            Logouts logouts = new Logouts(node);
            second[0] = logouts.second;
            logouts.startSecond(node);
            assertThat(logouts.second).as("Redis has not ended the session yet").isNotDone();
            Overlap.resume();
            assertThat(logouts.first.join()).isTrue();
            assertThat(logouts.second.join()).isFalse();
            assertThat(wasWaiting).isTrue();
            node.sessions.close();
        }
    }

    @Test
    void theSecondLogoutFailsWithTheFirst() {
        try (TestRedis redis = TestRedis.start();
                RedisConnections connections = Connections.to(redis.url())) {
            Node node = new Node(paused(connections), Node.settings(false));
            Logouts logouts = new Logouts(node);
            logouts.startSecond(node);
            redis.process().kill();
            Overlap.resume();
            for (CompletableFuture<Boolean> logout : List.of(logouts.first, logouts.second)) {
                assertThatThrownBy(logout::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(RedisUnavailableException.class);
            }
            node.sessions.close();
        }
    }
}
