package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.login.RedisFailureStore.LockStatus;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.ratelimit.LoginClockShift;
import io.gatehouse.testing.Cases;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tests the lockout schedule, and that the scripts and the Java model agree to the millisecond. */
@RedisTest
class FailureHistoryTest {
    private static final LockoutPolicy LOCKOUT_POLICY =
            new LockoutPolicy(5, Duration.ofSeconds(30), Duration.ofHours(1));
    private static final List<Duration> TIMES = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(20),
            Duration.ofHours(1),
            Duration.ofHours(23),
            Duration.ofHours(24),
            Duration.ofMinutes(-10));
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RedisConnections CONNECTIONS =
            Connections.with(Map.of("REDIS_RATE_LIMIT_URL", REDIS.url()), EnumSet.of(RedisPurpose.RATE_LIMIT));

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    @Test
    void waitsDoubleUpToTheLongestAndEndAfterADay() {
        assertThat(LOCKOUT_POLICY.waitMillis(4)).isZero();
        assertThat(List.of(5, 6, 7, 8, 9, 10, 11, 12, 13, 99).stream()
                        .map(failures -> LOCKOUT_POLICY.waitMillis(failures) / 1000))
                .containsExactly(30L, 60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L, 3600L);
        assertThat(LOCKOUT_POLICY.waitMillis(100))
                .isEqualTo(Duration.ofHours(24).toMillis());
        assertThat(LOCKOUT_POLICY.waitMillis(101))
                .isEqualTo(Duration.ofHours(24).toMillis());
    }

    @Test
    void aRetriedAttemptIsAdmittedAgainAndCountsOnce() {
        REDIS.flush();
        World world = new World();
        for (int i = 0; i < 5; i++) {
            AttemptContext attempt = new AttemptContext("t" + i, "acc", "exact", "a1", "", null);
            assertThat(CONNECTIONS.send(world.logins.begin(attempt)).passed()).isTrue();
            assertThat(CONNECTIONS.send(world.logins.begin(attempt)).passed()).isTrue();
            assertThat(CONNECTIONS.send(world.logins.inspect("acc")).before().failures())
                    .isEqualTo(i + 1);
        }
    }

    /** One account in two spellings, three addresses (one unknown) and two known browsers, with random events. */
    private static final class World {
        final RedisFailureStore logins =
                new RedisFailureStore(new LoginKeys(Keys.ring(LoginNode.KEY), "gatehouse", "app"), LOCKOUT_POLICY, 20);
        final Map<String, FailureHistory> histories = new HashMap<>();
        final List<AttemptContext> pending = new ArrayList<>();
        long offset;
        int number;

        FailureHistory history(AttemptContext attempt) {
            return histories.computeIfAbsent(String.valueOf(attempt.deviceId()), any -> new FailureHistory());
        }

        void begin(int which) {
            String address = List.of("", "a1", "a2").get(which % 3);
            String device = List.of("", "d1", "", "d2").get(which / 3 % 4);
            String exact = List.of("acc", "ACC").get(which / 12 % 2);
            AttemptContext attempt =
                    new AttemptContext("t" + number++, "acc", exact, address, "", device.isEmpty() ? null : device);
            LockStatus entered = CONNECTIONS.send(logins.begin(attempt));
            FailureHistory history = history(attempt);
            long now = entered.now() + offset;
            long locked = history.locked(LOCKOUT_POLICY, now);
            assertThat(entered.before().failures()).isEqualTo(history.failures());
            assertThat(entered.busy()).isEqualTo(locked == FailureHistory.BUSY);
            assertThat(history.begin(LOCKOUT_POLICY, attempt, now)).isEqualTo(locked);
            if (!entered.busy()) {
                assertThat(entered.before().lockedFor().toMillis()).isEqualTo(locked);
            }
            if (locked == 0) {
                pending.add(attempt);
            }
        }

        void complete(int which, LoginOutcome outcome) {
            if (!pending.isEmpty()) {
                AttemptContext attempt = pending.remove(which % pending.size());
                long now = CONNECTIONS.send(logins.complete(attempt, outcome)).now() + offset;
                FailureHistory history = history(attempt);
                switch (outcome) {
                    case FAILED -> history.fail(attempt, now);
                    case ABANDONED -> history.abandon(attempt, now);
                    default -> history.withdraw(attempt);
                }
                if (outcome == LoginOutcome.SUCCEEDED && !attempt.address().isEmpty()) {
                    history.forgive(attempt, now);
                    histories
                            .computeIfAbsent("null", any -> new FailureHistory())
                            .forgive(attempt, now);
                }
            }
        }

        void pass(Duration time) {
            LoginClockShift.pass(List.of(REDIS), time);
            offset += time.toMillis();
        }

        void reset() {
            CONNECTIONS.send(logins.reset("acc", "reset" + number++));
            histories.clear();
        }
    }

    @Test
    void theScriptsAgreeWithTheJavaModel() {
        Cases.seeded(60, draws -> {
            List<Integer> steps = new ArrayList<>();
            for (int left = 80 + draws.below(121); left > 0; left--) {
                steps.add(draws.below(10_000));
            }
            playOnBoth(steps);
        });
    }

    private static void playOnBoth(List<Integer> steps) {
        REDIS.flush();
        World world = new World();
        for (int step : steps) {
            int which = step / 16;
            switch (step % 16) {
                case 8, 9 -> world.complete(which, LoginOutcome.FAILED);
                case 10 -> world.complete(which, LoginOutcome.SUCCEEDED);
                case 11 -> world.complete(which, LoginOutcome.ABANDONED);
                case 14 -> world.complete(which, LoginOutcome.WITHDRAWN);
                case 12 -> world.pass(TIMES.get(which % TIMES.size()));
                case 13 -> {
                    if (which % 10 == 0) {
                        world.reset();
                    }
                }
                default -> world.begin(which);
            }
        }
    }
}
