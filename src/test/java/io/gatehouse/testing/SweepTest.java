package io.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/** Tests that the checks of {@link RedisTest} find what they look for. */
@RedisTest
class SweepTest {
    private static final Logger LOGGER = Logger.getLogger("io.gatehouse.example");
    private static final String COOKIE = "t1.k1.0123456789abcdef";

    @Test
    void theKeySweepFindsAKeyWithoutTimeToLive(TestRedis redis) {
        try (RedisClient client = redis.client()) {
            client.set("example:lasting", "1");
            client.set("example:short", "1", SetParams.setParams().ex(60));
            assertThatThrownBy(() -> KeySweep.requireTimesToLive(redis, List.of()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Keys without time to live: [example:lasting]");
            assertThatCode(() -> KeySweep.requireTimesToLive(redis, List.of("example:l.*")))
                    .doesNotThrowAnyException();
            client.del("example:lasting");
        }
    }

    @Test
    void theCookieSweepFindsACookieValueInAMessage() {
        try (CookieSweep sweep = new CookieSweep()) {
            LOGGER.log(Level.FINEST, "received {0}", COOKIE);
            assertThatThrownBy(() -> sweep.requireNone(List.of("another value of a cookie", COOKIE)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("The log contains the value of a cookie: received " + COOKIE);
        }
    }

    @Test
    void theCookieSweepFindsACookieValueInTheCauseOfAnException() {
        try (CookieSweep sweep = new CookieSweep()) {
            RuntimeException cause = new IllegalArgumentException("invalid token " + COOKIE);
            LOGGER.log(Level.WARNING, "a request failed", new IllegalStateException("wrapped", cause));
            assertThatThrownBy(() -> sweep.requireNone(List.of(COOKIE))).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void theCookieSweepAcceptsALogWithoutCookieValues() {
        try (CookieSweep sweep = new CookieSweep()) {
            LOGGER.log(Level.WARNING, "a request failed");
            assertThatCode(() -> sweep.requireNone(List.of(COOKIE))).doesNotThrowAnyException();
        }
    }

    @Test
    void theThreadSweepFindsAThreadThatDoesNotEnd() throws InterruptedException {
        ThreadSweep sweep = new ThreadSweep();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> Overlap.await(end), "gatehouse-example");
        thread.setDaemon(true);
        thread.start();
        assertThatThrownBy(() -> sweep.requireNoneLeft(Duration.ofMillis(50)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("gatehouse-example");
        end.countDown();
        thread.join();
        assertThatCode(() -> sweep.requireNoneLeft(Duration.ofMillis(50))).doesNotThrowAnyException();
    }

    @Test
    void theThreadSweepIgnoresThreadsThatWereStartedBeforeIt() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> Overlap.await(end), "gatehouse-example");
        thread.start();
        try {
            assertThatCode(() -> new ThreadSweep().requireNoneLeft(Duration.ofMillis(50)))
                    .doesNotThrowAnyException();
        } finally {
            end.countDown();
            thread.join();
        }
    }
}
