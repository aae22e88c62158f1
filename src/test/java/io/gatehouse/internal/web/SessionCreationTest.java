package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits on the number of sessions that a client creates. */
@RedisTest
class SessionCreationTest {
    private static final AtomicInteger ALIVE = new AtomicInteger();
    private static TestRedis redis;
    private static CountingProxy proxy;

    private @Nullable App started;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        proxy = new CountingProxy(redis.port());
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @BeforeEach
    void empty() {
        ALIVE.set(0);
    }

    /** Counts live sessions; the container creates the listener. */
    public static final class Counting implements HttpSessionListener {
        @Override
        public void sessionCreated(HttpSessionEvent event) {
            ALIVE.incrementAndGet();
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            ALIVE.decrementAndGet();
        }
    }

    private App app() {
        return Objects.requireNonNull(started);
    }

    private static App app(String rules) {
        return App.with(proxy.url())
                .set("GATEHOUSE_RATE_LIMITS", rules)
                .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                .set("REDIS_HEALTH_CHECK_INTERVAL", "3600")
                .set("GATEHOUSE_REDIS_DEADLINE", "10s")
                .customize(context -> context.addApplicationListener(Counting.class.getName()))
                .on("/nothing", (request, response) -> response.getWriter().print("hello"))
                .on("/make", (request, response) -> {
                    request.getSession().setAttribute("n", 1);
                    response.getWriter().print("made");
                })
                .on("/stream", (request, response) -> {
                    request.getSession().setAttribute("n", 1);
                    response.getOutputStream().write(new byte[100_000]);
                })
                .on("/write", (request, response) -> {
                    request.getSession().setAttribute("n", System.nanoTime());
                    response.getWriter().print("x".repeat(100_000));
                })
                .on("/login", (request, response) -> request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice"))
                .start();
    }

    private static String limit(String level, String limit) {
        return "made." + "level = " + level + "\nmade.counts = sessions\nmade.limit = " + limit;
    }

    private Browser.Answer from(String address, String path) {
        return new Browser()
                .send(HttpRequest.newBuilder(URI.create(app().url(path))).header("X-Forwarded-For", address));
    }

    private static long stored() {
        return redis.keys().stream().filter(key -> key.contains(":s:")).count();
    }

    @Test
    void refusesTheRequestThatExceedsTheLimitAndStoresNoSession() {
        try (App app = app(limit("ip", "3/day"))) {
            started = app;
            for (int i = 0; i < 3; i++) {
                assertThat(from("203.0.113.7", "/make").status()).isEqualTo(200);
            }
            for (String path : List.of("/make", "/write", "/stream")) {
                Browser.Answer refused = from("203.0.113.7", path);
                assertThat(refused.status()).as(path).isEqualTo(429);
                assertThat(refused.setCookies()).isEmpty();
                assertThat(Long.parseLong(refused.header("Retry-After"))).isPositive();
                assertThat(refused.body()).contains("quota-exceeded", "\"violated-policies\":[\"made\"]");
            }
            assertThat(stored()).isEqualTo(3);
            assertThat(ALIVE).as("listeners are notified of every end").hasValue(3);
            assertThat(from("203.0.113.7", "/nothing").status()).isEqualTo(200);
            assertThat(from("203.0.113.8", "/make").status()).isEqualTo(200);
        }
    }

    @Test
    void theCheckTakesNoExtraRoundTripAndARepeatedRefusalNone() {
        try (App app = app(limit("ip", "2/day"))) {
            started = app;
            from("203.0.113.7", "/make");
            proxy.takeRoundTrips();
            from("203.0.113.7", "/make");
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(from("203.0.113.7", "/make").status()).isEqualTo(429);
            assertThat(proxy.takeRoundTrips()).as("the session is ended").isEqualTo(2);
            assertThat(from("203.0.113.7", "/make").status()).isEqualTo(429);
            assertThat(proxy.takeRoundTrips()).isZero();
        }
    }

    @Test
    void loggedInUsersAndLoginsAreNotRefusedBecauseOfTheirNetwork() {
        try (App app = app(limit("network", "2/day"))) {
            started = app;
            Browser visitor = new Browser();
            assertThat(visitor.send(HttpRequest.newBuilder(URI.create(app().url("/make")))
                                    .header("X-Forwarded-For", "203.0.113.1"))
                            .status())
                    .isEqualTo(200);
            assertThat(from("203.0.113.2", "/make").status()).isEqualTo(200);
            assertThat(from("203.0.113.3", "/make").status()).isEqualTo(429);
            assertThat(from("203.0.114.3", "/make").status()).isEqualTo(200);
            assertThat(visitor.send(HttpRequest.newBuilder(URI.create(app().url("/write")))
                                    .header("X-Forwarded-For", "203.0.113.1"))
                            .status())
                    .as("an existing session")
                    .isEqualTo(200);
            assertThat(from("203.0.113.4", "/login").status()).isEqualTo(200);
        }
    }

    @Test
    void storesExactlyTheAllowedNumberOfConcurrentSessions() throws Exception {
        try (App app = app(limit("ip", "10/day"))) {
            started = app;
            ExecutorService threads = Executors.newFixedThreadPool(16);
            try {
                List<Future<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    answers.add(
                            threads.submit(() -> from("203.0.113.7", "/make").status()));
                }
                List<Integer> statuses = new ArrayList<>();
                for (Future<Integer> answer : answers) {
                    statuses.add(answer.get());
                }
                assertThat(statuses).containsOnly(200, 429);
                assertThat(statuses).filteredOn(status -> status == 200).hasSize(10);
            } finally {
                threads.shutdownNow();
            }
            assertThat(stored()).isEqualTo(10);
            assertThat(ALIVE).hasValue(10);
        }
    }

    @Test
    void doesNotCountASessionThatCannotBeStored() {
        TestRedis limits = TestRedis.start();
        try (limits;
                App app = App.with("redis://127.0.0.1:1/0")
                        .set("REDIS_RATE_LIMIT_URL", limits.url())
                        .set("GATEHOUSE_RATE_LIMITS", limit("ip", "3/day"))
                        .on("/make", (request, response) -> request.getSession())
                        .start()) {
            started = app;
            for (int i = 0; i < 5; i++) {
                assertThat(new Browser().get(app().url("/make")).status()).isEqualTo(503);
            }
            assertThat(app().gatehouse()
                            .rateLimiter()
                            .inspect("ip", "127.0.0.1")
                            .get(0)
                            .remaining())
                    .isEqualTo(3);
        }
    }

    @Test
    void doesNotCountOtherRequests() {
        try (App app = app(limit("ip", "2/day"))) {
            started = app;
            for (int i = 0; i < 5; i++) {
                assertThat(from("203.0.113.7", "/nothing").status()).isEqualTo(200);
                app().gatehouse().rateLimiter().checkIp("203.0.113.7");
            }
            assertThat(app().gatehouse()
                            .rateLimiter()
                            .inspect("ip", "203.0.113.7")
                            .get(0)
                            .remaining())
                    .isEqualTo(2);
        }
    }
}
