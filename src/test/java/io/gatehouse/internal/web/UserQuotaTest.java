package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The quota of a user, and cookies whose sessions have ended. */
@RedisTest
class UserQuotaTest {
    private static final String RULES = "user.match = /page, /charged\nuser.level = user\nuser.limit = 5/day\n"
            + "ip.level = ip\nip.limit = 1000/day\nip.lease = never\ncalls.match = POST /never\ncalls.level = user\ncalls.limit = 5/day";
    private static TestRedis redis;
    private static CountingProxy proxy;
    private static App app;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        proxy = new CountingProxy(redis.port());
        app = App.with(proxy.url())
                .set("GATEHOUSE_RATE_LIMITS", RULES)
                .set("REDIS_HEALTH_CHECK_INTERVAL", "3600")
                .on("/page", (request, response) -> response.getWriter().print(request.getSession(false) != null))
                .on("/charged", (request, response) -> Admission.of(request).charge(List.of("calls")))
                .on("/login", (request, response) -> request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice"))
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .start();
    }

    @AfterAll
    static void stop() {
        app.close();
        proxy.close();
    }

    @BeforeEach
    void empty() {
        app.gatehouse().rateLimiter().reset("user", "alice");
    }

    private static Browser loggedIn() {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/login")).status()).isEqualTo(200);
        return browser;
    }

    private static long left(String level, String key, int rule) {
        return app.gatehouse().rateLimiter().inspect(level, key).get(rule).remaining();
    }

    @Test
    void aCookieOfAnEndedSessionChargesTheAddressAndNotTheUser() {
        List<Consumer<Browser>> ends = List.of(
                browser -> browser.get(app.url("/logout")),
                browser -> app.gatehouse().sessionManager().terminateUserSessions("alice", null),
                browser -> redis.flush());
        for (Consumer<Browser> end : ends) {
            Browser victim = loggedIn();
            String stolen = victim.token();
            end.accept(victim);
            redis.keys().stream().filter(key -> key.contains("{r")).forEach(UserQuotaTest::remove);
            for (int i = 0; i < 20; i++) {
                Browser.Answer answer =
                        new Browser().withCookie("sid", stolen).get(app.url(i % 2 == 0 ? "/page" : "/charged"));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("RateLimit")).doesNotContain("user");
            }
            assertThat(left("user", "alice", 0)).isEqualTo(5);
            assertThat(left("user", "alice", 1))
                    .as("by the call of the application")
                    .isEqualTo(5);
            assertThat(left("ip", "127.0.0.1", 0)).isEqualTo(980);
        }
    }

    private static void remove(String key) {
        try (var client = redis.client()) {
            client.unlink(key);
        }
    }

    @Test
    void aCookieOfAnEndedSessionTakesOneMoreRoundTripOnceAndALiveOneNone() {
        Browser warmUp = loggedIn();
        String warm = warmUp.token();
        warmUp.get(app.url("/page"));
        warmUp.get(app.url("/logout"));
        new Browser().withCookie("sid", warm).get(app.url("/page"));
        Browser browser = loggedIn();
        String token = browser.token();
        proxy.takeRoundTrips();
        browser.get(app.url("/page"));
        assertThat(proxy.takeRoundTrips()).as("the first on this node").isEqualTo(1);
        browser.get(app.url("/page"));
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        browser.get(app.url("/logout"));
        proxy.takeRoundTrips();
        new Browser().withCookie("sid", token).get(app.url("/page"));
        assertThat(proxy.takeRoundTrips()).as("refunds the charge").isEqualTo(2);
        new Browser().withCookie("sid", token).get(app.url("/page"));
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
    }

    @Test
    void manyRequestsWithAnEndedSessionNeverRefuseTheUser() throws Exception {
        Browser victim = loggedIn();
        String stolen = victim.token();
        victim.get(app.url("/logout"));
        Browser user = loggedIn();
        assertThat(user.get(app.url("/page")).status()).isEqualTo(200);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> flood = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                flood.add(threads.submit(
                        () -> new Browser().withCookie("sid", stolen).get(app.url("/page"))));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(user.get(app.url("/page")).status()).isEqualTo(200);
            }
            for (Future<?> one : flood) {
                Object unused = one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(left("user", "alice", 0)).isEqualTo(1);
    }

    @Test
    void refusesAUserWithoutQuotaButNotACookieOfAnEndedSession() {
        Browser ended = loggedIn();
        String dead = ended.token();
        ended.get(app.url("/logout"));
        Browser user = loggedIn();
        for (int i = 0; i < 5; i++) {
            assertThat(user.get(app.url("/page")).status()).isEqualTo(200);
        }
        assertThat(user.get(app.url("/page")).status()).isEqualTo(429);
        assertThat(user.get(app.url("/page")).status()).isEqualTo(429);
        assertThat(new Browser().withCookie("sid", dead).get(app.url("/page")).status())
                .isEqualTo(200);
        assertThat(loggedIn().get(app.url("/page")).status()).as("elsewhere").isEqualTo(429);
    }
}
