package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs interleavings of requests of one session on one and two nodes, and compares each step with a small model: a request acts only on
 * the identity that admitted it, and no stored change is lost.
 */
@RedisTest
class IdentityModelTest {
    private static final int SEEDED_SCHEDULES = 3_000;
    private static TestRedis redis;
    private static RedisConnections firstConnections;
    private static RedisConnections secondConnections;

    @BeforeAll
    static void connect(TestRedis server) {
        redis = server;
        firstConnections = Connections.to(redis.url());
        secondConnections = Connections.to(redis.url());
    }

    @AfterAll
    static void stop() {
        firstConnections.close();
        secondConnections.close();
    }

    /** Returns every interleaving of the steps of two requests. */
    private static List<List<Integer>> orders(int first, int second) {
        if (first == 0 && second == 0) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        if (first > 0) {
            orders(first - 1, second).forEach(rest -> all.add(with(0, rest)));
        }
        if (second > 0) {
            orders(first, second - 1).forEach(rest -> all.add(with(1, rest)));
        }
        return all;
    }

    private static List<Integer> with(int first, List<Integer> rest) {
        List<Integer> all = new ArrayList<>(rest.size() + 1);
        all.add(first);
        all.addAll(rest);
        return all;
    }

    @Test
    void everyInterleavingOfTwoRequestsMatchesTheModel() {
        for (int nodes = 1; nodes <= 2; nodes++) {
            for (int first = 0; first < IdentitySchedule.SCRIPTS.size(); first++) {
                for (int second = first; second < IdentitySchedule.SCRIPTS.size(); second++) {
                    List<List<Integer>> orders = orders(
                            IdentitySchedule.SCRIPTS.get(first).size(),
                            IdentitySchedule.SCRIPTS.get(second).size());
                    for (List<Integer> order : orders) {
                        IdentitySchedule schedule = new IdentitySchedule(firstConnections, secondConnections);
                        schedule.add(IdentitySchedule.SCRIPTS.get(first), 0);
                        schedule.add(IdentitySchedule.SCRIPTS.get(second), nodes - 1);
                        order.forEach(number -> schedule.step(schedule.requests.get(number), schedule.planted));
                        schedule.finish();
                    }
                }
            }
        }
    }

    @Test
    void randomSchedulesOfThreeRequestsMatchTheModel() {
        for (int seed = 0; seed < SEEDED_SCHEDULES; seed++) {
            Random random = new Random(seed);
            IdentitySchedule schedule = new IdentitySchedule(firstConnections, secondConnections);
            schedule.history.append("seed ").append(seed).append(": ");
            for (int i = 0; i < 3; i++) {
                schedule.add(
                        IdentitySchedule.SCRIPTS.get(random.nextInt(IdentitySchedule.SCRIPTS.size())),
                        random.nextInt(2));
            }
            List<IdentitySchedule.Request> running = new ArrayList<>(schedule.requests);
            while (!running.isEmpty()) {
                IdentitySchedule.Request request = running.get(random.nextInt(running.size()));
                schedule.step(request, random.nextBoolean() ? schedule.planted : schedule.latest);
                if (request.isDone()) {
                    running.remove(request);
                }
            }
            schedule.finish();
        }
    }
}
