package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.App;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the requests end that a new node makes to itself: at their time limit, at that of the node, and when Redis fails. */
@RedisTest
class SelfExerciseEndTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong time = new AtomicLong();

    @BeforeEach
    void empty() {
        REDIS.flush();
    }

    @Test
    void endsAfterThreeSecondsAndEndsItsSession() {
        Settings settings = settings(REDIS);
        try (LogCapture log = new LogCapture("io.gatehouse");
                RedisConnections redis = connect(settings)) {
            new SelfExercise(settings, redis, () -> time.getAndAdd(SECOND.toNanos())).run(() -> false);
            assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO Warmed up with 3 requests in "));
        }
        assertThat(REDIS.keys()).noneMatch(key -> key.contains(":s:"));
    }

    @Test
    void endsWhenTheTimeOfTheNodeIsUp() {
        Settings settings = settings(REDIS);
        AtomicInteger asked = new AtomicInteger();
        try (LogCapture log = new LogCapture("io.gatehouse");
                RedisConnections redis = connect(settings)) {
            new SelfExercise(settings, redis, time::get).run(() -> asked.incrementAndGet() > 5);
            assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO Warmed up with 5 requests in "));
        }
        assertThat(REDIS.keys()).noneMatch(key -> key.contains(":s:"));
    }

    /** A server that does not reply keeps the node from being ready until the time limit, and not longer. */
    @Test
    void theNodeIsReadyAtTheTimeLimitWhileRedisDoesNotReply() throws Exception {
        Settings settings = settings(REDIS);
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch replies = new CountDownLatch(1);
        AtomicInteger sent = new AtomicInteger();
        try (LogCapture log = new LogCapture("io.gatehouse");
                RedisConnections redis = connect(settings)) {
            Redis slow = before(redis, () -> {
                if (sent.incrementAndGet() == 20) {
                    waiting.countDown();
                    await(replies);
                }
            });
            WarmStart start = start(new SelfExercise(settings, slow, () -> 0));
            CompletableFuture<Void> run = CompletableFuture.runAsync(start);
            await(waiting);
            assertThat(start.isComplete()).isFalse();
            time.set(SelfExercise.TIME_LIMIT.toNanos() + 1);
            assertThat(start.isComplete()).isTrue();
            replies.countDown();
            run.get(30, TimeUnit.SECONDS);
            assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO Warmed up with 1"));
        }
        assertThat(sent)
                .as("the request in progress, and the end of the session")
                .hasValueLessThan(30);
    }

    @Test
    void theNodeIsReadyIfRedisFailsMeanwhile() {
        try (TestRedis dying = TestRedis.start();
                LogCapture log = new LogCapture("io.gatehouse.internal.wiring")) {
            Settings settings = settings(dying);
            Runnable death = dying::close;
            AtomicInteger sent = new AtomicInteger();
            try (RedisConnections redis = connect(settings)) {
                Redis failing = before(redis, () -> {
                    if (sent.incrementAndGet() == 20) {
                        death.run();
                    }
                });
                WarmStart start = start(new SelfExercise(settings, failing, () -> 0));
                start.run();
                assertThat(start.isComplete()).isTrue();
            }
            assertThat(log.lines()).singleElement().asString().startsWith("INFO The warm-up was skipped: ");
            assertThat(sent).as("no request after the failed one").hasValueLessThan(30);
        }
    }

    @Test
    void theNodeIsReadyAfterAnyOtherFailure() {
        Settings settings = settings(REDIS);
        AtomicInteger sent = new AtomicInteger();
        try (LogCapture log = new LogCapture("io.gatehouse");
                RedisConnections redis = connect(settings)) {
            Redis broken = before(redis, () -> {
                if (sent.incrementAndGet() == 20) {
                    throw new IllegalStateException("a bug");
                }
            });
            WarmStart start = start(new SelfExercise(settings, broken, () -> 0));
            start.run();
            assertThat(start.isComplete()).isTrue();
            assertThat(log.lines()).contains("WARNING The warm-up failed; the node is ready without");
        }
        assertThat(REDIS.keys()).noneMatch(key -> key.contains(":s:"));
    }

    private WarmStart start(SelfExercise exercise) {
        return new WarmStart(exercise::run, true, SelfExercise.TIME_LIMIT, time::get);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns Redis with something that happens before each round trip. */
    private static Redis before(RedisConnections redis, Runnable happens) {
        return (Redis) Proxy.newProxyInstance(
                SelfExerciseEndTest.class.getClassLoader(),
                new Class<?>[] {Redis.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("send")) {
                        happens.run();
                    }
                    try {
                        return method.invoke(redis, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static RedisConnections connect(Settings settings) {
        return RedisConnections.open(
                settings.redis(),
                Set.of(RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT, RedisPurpose.CACHE_WARMING),
                InstantSource.system());
    }

    private static Settings settings(TestRedis redis) {
        Map<String, String> values = Map.of(
                "REDIS_SESSION_URL", redis.url(),
                "REDIS_RATE_LIMIT_URL", redis.url(),
                "REDIS_CACHE_WARMING_URL", redis.url(),
                "GATEHOUSE_KEYS", App.KEYS);
        return Settings.from(new Config(List.of(ConfigSource.of("test", values))), "", path -> null);
    }
}
