package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.TestRedis;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The base of tests of commands on an application with a live node. */
abstract class LiveNodeFixture {
    static final AtomicInteger DESTROYED = new AtomicInteger();
    static final Duration SOON = Duration.ofSeconds(20);

    /** Counts the destroyed sessions it is notified of. */
    static final class CountingListener implements HttpSessionListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            DESTROYED.incrementAndGet();
        }
    }

    static TestRedis redis;
    static App app;
    static Console console;

    @BeforeAll
    static void startNode() {
        redis = TestRedis.start();
        app = App.with(redis.url())
                .path("/shop")
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", redis.url())
                .set("REDIS_CACHE_WARMING_URL", redis.url())
                .set("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1h")
                .set("GATEHOUSE_RATE_LIMITS", "api.level = ip\napi.limit = 5/hour")
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
                    request.changeSessionId();
                })
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(new CountingListener()), Set.of()))
                .start();
        console = Console.of(redis.url()).set("GATEHOUSE_RATE_LIMITS", "api.level = ip\napi.limit = 5/hour");
    }

    @AfterAll
    static void stopNode() {
        app.close();
        redis.close();
    }

    @BeforeEach
    void reset() {
        app.gatehouse().sessionManager().terminateAll();
        app.gatehouse().rateLimiter().reset("ip", "127.0.0.1");
        DESTROYED.set(0);
    }

    static Browser loggedIn(String user) {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/login?user=" + user)).status()).isEqualTo(200);
        return browser;
    }

    static List<JsonObject> sessions(String... arguments) {
        Ended ended = console.run(arguments);
        assertThat(ended.code()).as(ended.errors()).isZero();
        return ended.json().getJsonArray("sessions").getValuesAs(JsonObject.class);
    }
}
