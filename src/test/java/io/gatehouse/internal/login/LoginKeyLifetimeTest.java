package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.clientaddress.ClientAddressSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.ratelimit.LimiterFixture;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginListener;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Tests how long Redis keeps the counters of an account, which may not exist. */
@RedisTest
class LoginKeyLifetimeTest {
    private static TestRedis redis;
    private static RedisConnections connections;
    private static LoginEngine guard;
    private static ClientAddressResolver addresses;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        connections = LimiterFixture.connect(redis.url());
        addresses = new ClientAddressResolver(ClientAddressSettings.from(new Config(List.of())));
        guard = new LoginEngine(
                LoginSettings.from(new Config(List.of())),
                "gatehouse",
                "app",
                Keys.ring(LimiterFixture.KEYS),
                connections,
                InstantSource.system(),
                LoginListener.NONE,
                null);
    }

    @AfterAll
    static void stop() {
        connections.close();
    }

    private static void fail(String address) {
        LoginDecision entry = guard.begin("made-up", addresses.parse(address), null);
        assertThat(entry).isInstanceOf(LoginDecision.Allowed.class);
        ((LoginDecision.Allowed) entry).attempt().failed();
    }

    /** Returns the rounded time to live of the only key with this suffix. */
    private static long hoursToLive(String ending) {
        Set<String> keys = redis.keys();
        try (RedisClient client = redis.client()) {
            long millis = client.pttl(keys.stream()
                    .filter(key -> key.endsWith(ending))
                    .findFirst()
                    .orElseThrow());
            return Math.round(millis / (double) Duration.ofHours(1).toMillis());
        }
    }

    @Test
    void aGuessIsForgottenAfterFourHoursAndTheFourthAfterADay() {
        for (long hours : new long[] {4, 8, 16, 24, 24}) {
            fail("203.0.113.7");
            assertThat(hoursToLive(":l")).isEqualTo(hours);
        }
        assertThat(hoursToLive(":ln")).as("one network").isEqualTo(4);
    }

    @Test
    void networksAreKeptForADayOnceThereAreTwo() {
        fail("203.0.113.7");
        assertThat(hoursToLive(":ln")).isEqualTo(4);
        fail("198.51.100.7");
        assertThat(hoursToLive(":ln")).isEqualTo(24);
    }

    @Test
    void theIdOfAResetIsKeptForADay() {
        fail("203.0.113.7");
        long unused = guard.reset("made-up");
        fail("203.0.113.7");
        assertThat(hoursToLive(":l")).isEqualTo(24);
    }
}
