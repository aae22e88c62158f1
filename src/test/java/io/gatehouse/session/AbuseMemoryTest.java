package io.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.login.LoginDecision;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** The memory that one address can fill in Redis under the built-in rules, as security.md states it. */
class AbuseMemoryTest {
    private static final Path PAGE = Path.of("src/docs/explanation/security.md");
    private static final String LONG_AGENT = "Mozilla/5.0 (X11; Linux x86_64) ".repeat(8);

    /** The built-in rule {@code sessions}: the burst, and 12,000 per hour. */
    private static final int BURST = 3_000;

    /** The value in security.md. */
    private static final int BYTES_OF_A_SESSION = 900;

    private static final int BYTES_OF_AN_ACCOUNT = 1_000;

    /** Sessions live for ten minutes, and their records until the clean-up, at most one hour. */
    private static final int MOST_SESSIONS = BURST + 12_000 * 70 / 60;

    /** 21 accounts in ten minutes; the keys of an account live for 24 hours. */
    private static final int MOST_ACCOUNTS = 21 * 6 * 24;

    @Test
    void sessionsOfOneAddressTakeNoMoreMemoryThanDocumented() throws Exception {
        try (TestRedis redis = TestRedis.start();
                RedisClient client = redis.client();
                App app = App.with(redis.url())
                        .set("GATEHOUSE_RATE_LIMITS", "built-in")
                        .set("GATEHOUSE_REDIS_DEADLINE", "10s")
                        .on("/", (request, response) -> request.getSession())
                        .start()) {
            long start = System.nanoTime();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < BURST + 1_000; i++) {
                    answers.add(threads.submit(() -> new Browser()
                            .send(HttpRequest.newBuilder(URI.create(app.url("/")))
                                    .header("User-Agent", LONG_AGENT))
                            .status()));
                }
                for (Future<Integer> answer : answers) {
                    assertThat(answer.get()).isIn(200, 429);
                }
            } finally {
                threads.shutdownNow();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long refilled = (long) Math.ceil(seconds * 12_000 / 3_600);
            Set<String> keys = redis.keys();
            long sessions = keys.stream().filter(key -> key.contains(":s:")).count();
            assertThat(sessions).isBetween((long) BURST, BURST + refilled);
            assertThat(keys).allSatisfy(key -> assertThat(client.pttl(key)).isPositive());
            assertThat(bytes(client, keys) / sessions).isLessThanOrEqualTo(BYTES_OF_A_SESSION);
        }
    }

    @Test
    void attemptsOnUnknownAccountsTakeNoMoreMemoryThanDocumented() {
        try (TestRedis redis = TestRedis.start();
                RedisClient client = redis.client();
                App app = App.with(redis.url())
                        .set("GATEHOUSE_REDIS_DEADLINE", "10s")
                        .on("/login", (request, response) -> {
                            boolean admitted = Authentication.attempt(request, request.getParameter("user"))
                                    instanceof LoginDecision.Allowed;
                            response.setStatus(admitted ? 401 : 429);
                        })
                        .start()) {
            int tried = 0;
            for (int i = 0; i < 100; i++) {
                boolean looked = false;
                for (int guess = 0; guess < 5; guess++) {
                    looked |= new Browser()
                                    .get(app.url("/login?user=made-up-" + i))
                                    .status()
                            == 401;
                }
                tried += looked ? 1 : 0;
            }
            assertThat(tried).isEqualTo(21);
            Set<String> keys = new HashSet<>(redis.keys());
            keys.removeIf(key -> !key.matches(".*:l[a-z]?$"));
            assertThat(keys).allSatisfy(key -> assertThat(client.pttl(key)).isPositive());
            assertThat(bytes(client, keys) / tried).isLessThanOrEqualTo(BYTES_OF_AN_ACCOUNT);
        }
    }

    @Test
    void theSecurityPageStatesTheMaximumMemory() throws IOException {
        double sessions = BYTES_OF_A_SESSION * (double) MOST_SESSIONS / 1_000_000;
        double accounts = BYTES_OF_AN_ACCOUNT * (double) MOST_ACCOUNTS / 1_000_000;
        assertThat(Files.readString(PAGE))
                .contains(
                        String.format("%,d sessions of %d bytes, %.1f MB", MOST_SESSIONS, BYTES_OF_A_SESSION, sessions),
                        String.format(
                                "%,d accounts of %,d bytes, %.1f MB", MOST_ACCOUNTS, BYTES_OF_AN_ACCOUNT, accounts));
    }

    private static long bytes(RedisClient client, Set<String> keys) {
        return keys.stream().mapToLong(key -> client.memoryUsage(key, 0)).sum();
    }
}
