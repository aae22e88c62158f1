package io.gatehouse.internal.jobs;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.internal.wiring.Settings;
import io.gatehouse.jobs.JobOptions;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.MonitoredCommands;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes without requests send to Redis, and how they notice a run nevertheless. */
@Timeout(60)
class IdleNodeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Map<String, Integer> WARM = Map.of("warm", 3);

    private TestRedis redis;
    private Components one;
    private DefaultCacheManager cache;

    @BeforeEach
    void start() {
        redis = TestRedis.start();
        one = node();
        cache = one.cache().orElseThrow();
    }

    @AfterEach
    void stop() {
        one.close();
        redis.close();
    }

    private Components node() {
        Map<String, String> values = Map.of(
                "REDIS_URL", redis.url(),
                "REDIS_SESSION_URL", redis.url(),
                "REDIS_RATE_LIMIT_URL", redis.url(),
                "REDIS_CACHE_WARMING_URL", redis.url(),
                "GATEHOUSE_APPLICATION", "shop",
                "GATEHOUSE_KEYS", App.KEYS,
                "GATEHOUSE_CACHE_ENABLED", "True");
        Config config = new Config(List.of(ConfigSource.of("test", values)));
        Components components =
                new Components(Settings.from(config, "", path -> null), SessionObserver.ELSEWHERE, Runnable::run);
        Eventually.holds(
                "the subscription is connected",
                TIMEOUT,
                () -> components.cache().orElseThrow().isConnected());
        return components;
    }

    /**
     * Ten seconds: the cache sends a heartbeat each second and its statistics once, the jobs are announced each five seconds, the rate limits
     * count the nodes once. With the five pings that {@code PingScheduleTest} counts, that is 20 commands. Health checks and
     * registrations of the application are rarer.
     */
    @Test
    void anIdleNodeSendsTwoCommandsASecond() {
        one.jobs().register("warm", context -> JobResult.of("done"), JobOptions.DEFAULT);
        JobTicker ticker = new JobTicker(one.jobs(), InstantSource.system(), new OutageLogger());
        cache.heartbeat(); // stores the scripts, and publishes the statistics, which the next heartbeats do not
        ticker.tick();
        one.limiter().heartbeat();
        for (int second = 1; second < 5; second++) {
            ticker.tick();
        }
        try (MonitoredCommands commands = MonitoredCommands.of(redis)) {
            for (int second = 0; second < 10; second++) {
                cache.heartbeat();
                ticker.tick();
            }
            assertThat(cache.clusterStatistics()).isNotEmpty();
            one.limiter().heartbeat();
            assertThat(commands.take()).isEqualTo(nCopies(15, "EVALSHA"));
        } finally {
            ticker.close();
        }
    }

    @Test
    void aRunIsNoticedThroughTheChannelOfTheCache() throws InterruptedException {
        try (Components other = node()) {
            DueTimer due = other.jobs().notices().due();
            due.await(Duration.ZERO);
            assertThat(other.jobs().claim(WARM)).isEmpty();
            String id = one.jobs().submit("warm", Map.of());
            due.await(HOUR);
            assertThat(other.jobs().claim(WARM).orElseThrow().id()).isEqualTo(id);
        }
    }
}
