package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.IdentitySchedule.Step;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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

    /** Returns every interleaving of the steps of some requests, as the numbers of the requests. */
    private static List<List<Integer>> orders(int... steps) {
        if (IntStream.of(steps).sum() == 0) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (int request = 0; request < steps.length; request++) {
            if (steps[request] > 0) {
                int[] rest = steps.clone();
                rest[request]--;
                int first = request;
                orders(rest).forEach(others -> all.add(with(first, others)));
            }
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

    /** A request that writes, one that logs in on the same node or on another, and one that logs in too or ends the session. */
    @Test
    void everyInterleavingOfThreeShortRequestsMatchesTheModel() {
        List<Step> writing = List.of(Step.ADMIT, Step.SET, Step.SAVE, Step.RELEASE);
        List<Step> loggingIn = List.of(Step.ADMIT, Step.CHANGE, Step.SAVE, Step.RELEASE);
        List<Step> ending = List.of(Step.ADMIT, Step.SET, Step.END, Step.RELEASE);
        for (List<Step> third : List.of(loggingIn, ending)) {
            for (int other = 0; other <= 1; other++) {
                for (List<Integer> order : orders(3, 3, 3)) {
                    IdentitySchedule schedule = new IdentitySchedule(firstConnections, secondConnections);
                    schedule.add(writing, 0);
                    schedule.add(loggingIn, other);
                    schedule.add(third, 0);
                    order.forEach(number -> {
                        IdentitySchedule.Request request = schedule.requests.get(number);
                        schedule.step(request, schedule.planted);
                        if (request.isReleasing()) {
                            schedule.step(request, schedule.planted);
                        }
                    });
                    schedule.finish();
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
