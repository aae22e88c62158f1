package io.gatehouse.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.ratelimit.RedisLogins.Entered;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.RedisConnections;
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

/** The arithmetic of lock-outs: its schedule, and that the scripts and the model agree to the millisecond. */
@RedisTest
class LaneTest {
    private static final LockOut LOCK_OUT = new LockOut(5, Duration.ofSeconds(30), Duration.ofHours(1));
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
            Connections.with(Map.of("REDIS_RATE_LIMIT_URL", REDIS.url()), EnumSet.of(Purpose.RATE_LIMIT));

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    @Test
    void waitsDoubleFromTheFirstToTheLongestAndEndInADay() {
        assertThat(LOCK_OUT.waitMillis(4)).isZero();
        assertThat(List.of(5, 6, 7, 8, 9, 10, 11, 12, 13, 99).stream()
                        .map(failures -> LOCK_OUT.waitMillis(failures) / 1000))
                .containsExactly(30L, 60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L, 3600L);
        assertThat(LOCK_OUT.waitMillis(100)).isEqualTo(Duration.ofHours(24).toMillis());
        assertThat(LOCK_OUT.waitMillis(101)).isEqualTo(Duration.ofHours(24).toMillis());
    }

    @Test
    void anAttemptThatIsSentAgainPassesAgainAndCountsOnce() {
        REDIS.flush();
        World world = new World();
        for (int i = 0; i < 5; i++) {
            LoginTry attempt = new LoginTry("t" + i, "acc", "exact", "a1", "", null);
            assertThat(CONNECTIONS.send(world.logins.enter(attempt)).passed()).isTrue();
            assertThat(CONNECTIONS.send(world.logins.enter(attempt)).passed()).isTrue();
            assertThat(CONNECTIONS.send(world.logins.look("acc")).before().failures())
                    .isEqualTo(i + 1);
        }
    }

    /** One account in two spellings, three addresses (one unknown), two known browsers; what happens is drawn. */
    private static final class World {
        final RedisLogins logins =
                new RedisLogins(new LoginNames(Keys.ring(LoginNode.KEY), "gatehouse", "app"), LOCK_OUT, 20);
        final Map<String, Lane> lanes = new HashMap<>();
        final List<LoginTry> pending = new ArrayList<>();
        long offset;
        int number;

        Lane lane(LoginTry attempt) {
            return lanes.computeIfAbsent(String.valueOf(attempt.deviceId()), any -> new Lane());
        }

        void enter(int which) {
            String address = List.of("", "a1", "a2").get(which % 3);
            String device = List.of("", "d1", "", "d2").get(which / 3 % 4);
            String exact = List.of("acc", "ACC").get(which / 12 % 2);
            LoginTry attempt =
                    new LoginTry("t" + number++, "acc", exact, address, "", device.isEmpty() ? null : device);
            Entered entered = CONNECTIONS.send(logins.enter(attempt));
            Lane lane = lane(attempt);
            long now = entered.now() + offset;
            long locked = lane.locked(LOCK_OUT, now);
            assertThat(entered.before().failures()).isEqualTo(lane.failures());
            assertThat(entered.busy()).isEqualTo(locked == Lane.BUSY);
            assertThat(lane.enter(LOCK_OUT, attempt, now)).isEqualTo(locked);
            if (!entered.busy()) {
                assertThat(entered.before().lockedFor().toMillis()).isEqualTo(locked);
            }
            if (locked == 0) {
                pending.add(attempt);
            }
        }

        void settle(int which, LoginOutcome outcome) {
            if (!pending.isEmpty()) {
                LoginTry attempt = pending.remove(which % pending.size());
                long now = CONNECTIONS.send(logins.settle(attempt, outcome)).now() + offset;
                Lane lane = lane(attempt);
                switch (outcome) {
                    case FAILED -> lane.fail(attempt, now);
                    case ABANDONED -> lane.abandon(attempt, now);
                    default -> lane.withdraw(attempt);
                }
                if (outcome == LoginOutcome.SUCCEEDED && !attempt.address().isEmpty()) {
                    lane.forgive(attempt, now);
                    lanes.computeIfAbsent("null", any -> new Lane()).forgive(attempt, now);
                }
            }
        }

        void pass(Duration time) {
            LoginTimes.pass(List.of(REDIS), time);
            offset += time.toMillis();
        }

        void reset() {
            CONNECTIONS.send(logins.reset("acc", "reset" + number++));
            lanes.clear();
        }
    }

    @Test
    void theScriptsAndTheModelAgree() {
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
                case 8, 9 -> world.settle(which, LoginOutcome.FAILED);
                case 10 -> world.settle(which, LoginOutcome.SUCCEEDED);
                case 11 -> world.settle(which, LoginOutcome.ABANDONED);
                case 14 -> world.settle(which, LoginOutcome.WITHDRAWN);
                case 12 -> world.pass(TIMES.get(which % TIMES.size()));
                case 13 -> {
                    if (which % 10 == 0) {
                        world.reset();
                    }
                }
                default -> world.enter(which);
            }
        }
    }
}
