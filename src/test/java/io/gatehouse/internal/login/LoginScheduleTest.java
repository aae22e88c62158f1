package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.login.LoginAttempt;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Allowed;
import io.gatehouse.login.LoginDecision.Denied;
import io.gatehouse.login.LoginDecision.Reason;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of overlapping attempts: two accounts, one of them in two spellings, from two addresses, through two nodes; each attempt
 * fails, succeeds, dies or is withdrawn while others are in progress. A simple model gives the expected result: an attempt is admitted
 * if fewer than five count, and it counts unless it succeeded, was withdrawn, or was forgiven by a success.
 */
@RedisTest
class LoginScheduleTest {
    private static final int SCHEDULES = 1_200;
    private static final int STEPS = 30;
    private static final List<String> NAMES = List.of("alice", "ALICE", "bob");
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RedisConnections CONNECTIONS =
            Connections.with(Map.of("REDIS_RATE_LIMIT_URL", REDIS.url()), EnumSet.of(RedisPurpose.RATE_LIMIT));

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    /** An attempt of the model; it counts while it is in the set. */
    private record Try(int number, String name, int address) {
        boolean isOf(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    private record InProgress(Try attempt, LoginAttempt admitted) {}

    @Test
    void everyAttemptCountsUnlessItSucceeded() {
        List<LoginNode> nodes = List.of(new LoginNode(CONNECTIONS), new LoginNode(CONNECTIONS));
        for (int seed = 0; seed < SCHEDULES; seed++) {
            play(seed, nodes);
        }
    }

    private static void play(int seed, List<LoginNode> nodes) {
        REDIS.flush();
        Random random = new Random(seed);
        Set<Try> failed = new HashSet<>();
        List<InProgress> inProgress = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            if (inProgress.isEmpty() || random.nextInt(5) < 2) {
                begin(random, step, nodes, failed, inProgress);
            } else {
                complete(random, failed, inProgress);
            }
            for (String name : NAMES) {
                assertThat(nodes.get(step % 2).guard.inspect(name).failures())
                        .as("seed %s step %s %s", seed, step, name)
                        .isEqualTo((int) counting(name, failed, inProgress));
            }
        }
    }

    private static long counting(String name, Set<Try> failed, List<InProgress> inProgress) {
        return failed.stream().filter(attempt -> attempt.isOf(name)).count()
                + inProgress.stream().filter(one -> one.attempt().isOf(name)).count();
    }

    private static void begin(
            Random random, int step, List<LoginNode> nodes, Set<Try> failed, List<InProgress> inProgress) {
        Try attempt = new Try(step, NAMES.get(random.nextInt(NAMES.size())), random.nextInt(2));
        long counting = counting(attempt.name(), failed, inProgress);
        boolean locked = failed.stream().filter(one -> one.isOf(attempt.name())).count() >= 5;
        LoginDecision entry = nodes.get(random.nextInt(2)).begin(attempt.name(), attempt.address(), null);
        if (counting < 5) {
            assertThat(entry).isInstanceOf(Allowed.class);
            inProgress.add(new InProgress(attempt, ((Allowed) entry).attempt()));
        } else {
            assertThat(entry).isInstanceOf(Denied.class);
            assertThat(((Denied) entry).reason()).isEqualTo(locked ? Reason.LOCKED : Reason.BUSY);
        }
    }

    private static void complete(Random random, Set<Try> failed, List<InProgress> inProgress) {
        InProgress one = inProgress.remove(random.nextInt(inProgress.size()));
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> {
                one.admitted().failed();
                failed.add(one.attempt());
            }
            case 3 -> {
                @SuppressWarnings("unused")
                var device = one.admitted().succeeded();
                failed.removeIf(other -> other.name().equals(one.attempt().name())
                        && other.address() == one.attempt().address());
            }
            case 4 -> one.admitted().abandoned();
            default -> ((GuardedAttempt) one.admitted()).withdrawn();
        }
        IntStream.range(0, 2).forEach(i -> one.admitted().failed()); // only the first outcome counts
    }
}
