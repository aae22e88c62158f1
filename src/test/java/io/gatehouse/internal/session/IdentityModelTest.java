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
 * Plays interleavings of requests of one session on one and two nodes and compares each step with a small model of what is
 * right: a request acts only on the identity that it was admitted with, and nothing that was stored is lost.
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

    /** Every order in which the steps of two requests can follow each other. */
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
    void everyInterleavingOfTwoRequestsIsRight() {
        for (int nodes = 1; nodes <= 2; nodes++) {
            for (int first = 0; first < IdentityPlay.SCRIPTS.size(); first++) {
                for (int second = first; second < IdentityPlay.SCRIPTS.size(); second++) {
                    List<List<Integer>> orders = orders(
                            IdentityPlay.SCRIPTS.get(first).size(),
                            IdentityPlay.SCRIPTS.get(second).size());
                    for (List<Integer> order : orders) {
                        IdentityPlay play = new IdentityPlay(firstConnections, secondConnections);
                        play.add(IdentityPlay.SCRIPTS.get(first), 0);
                        play.add(IdentityPlay.SCRIPTS.get(second), nodes - 1);
                        order.forEach(number -> play.step(play.requests.get(number), play.planted));
                        play.finish();
                    }
                }
            }
        }
    }

    @Test
    void seededSchedulesOfThreeRequestsAreRight() {
        for (int seed = 0; seed < SEEDED_SCHEDULES; seed++) {
            Random random = new Random(seed);
            IdentityPlay play = new IdentityPlay(firstConnections, secondConnections);
            play.history.append("seed ").append(seed).append(": ");
            for (int i = 0; i < 3; i++) {
                play.add(IdentityPlay.SCRIPTS.get(random.nextInt(IdentityPlay.SCRIPTS.size())), random.nextInt(2));
            }
            List<IdentityPlay.Request> running = new ArrayList<>(play.requests);
            while (!running.isEmpty()) {
                IdentityPlay.Request request = running.get(random.nextInt(running.size()));
                play.step(request, random.nextBoolean() ? play.planted : play.latest);
                if (request.isDone()) {
                    running.remove(request);
                }
            }
            play.finish();
        }
    }
}
