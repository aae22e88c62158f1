package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.session.SaveObserver;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The number of round trips to Redis per request, counted at the socket. */
@RedisTest
class RoundTripTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final CountingProxy PROXY = new CountingProxy(REDIS.port());
    private static App app;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start() {
        app = App.with(PROXY.url())
                .on("/nothing", (request, response) -> response.getWriter().print("hello"))
                .on("/look", (request, response) -> response.getWriter().print(request.getSession(false) == null))
                .on("/make", (request, response) -> request.getSession())
                .on("/login", (request, response) -> {
                    if (request.getSession(false) != null) {
                        request.changeSessionId();
                    }
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice");
                    request.getSession().setAttribute("cart", new ArrayList<>(List.of("a")));
                    response.sendRedirect("/read");
                })
                .on(
                        "/read",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("cart")))
                .on("/write", (request, response) -> {
                    request.getSession().setAttribute("n", System.nanoTime());
                    response.getWriter().print("x".repeat(100_000));
                })
                .on("/rotate", (request, response) -> request.changeSessionId())
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .start();
        Browser warmUp = new Browser();
        for (String path : List.of("/login", "/read", "/write", "/rotate", "/logout")) {
            warmUp.get(app.url(path)); // so that Redis knows all scripts
        }
    }

    @AfterAll
    static void stop() {
        app.close();
        PROXY.close();
    }

    @BeforeEach
    void reset() {
        PROXY.takeRoundTrips();
    }

    @Test
    void aRequestWithoutCookieCausesNoRoundTrip() {
        browser.get(app.url("/nothing"));
        browser.get(app.url("/look"));
        assertThat(PROXY.takeRoundTrips()).isZero();
    }

    @Test
    void forgedAndForeignCookiesCauseNoRoundTrip() {
        browser.withCookie(
                "sid", "v1.t1.AAECAwQFBgcICQoLDA0ODxAR.0.1800000000.tjSFyFD3HG2c1tmSviE1WtmKlwz3wcZt3cPBl1nzEaa");
        assertThat(browser.get(app.url("/look")).body()).isEqualTo("true");
        assertThat(PROXY.takeRoundTrips()).isZero();
    }

    @Test
    void aCookieOfALongEndedSessionCausesNoRoundTrip() {
        InstantSource twoDaysAgo = InstantSource.fixed(Instant.now().minus(Duration.ofDays(2)));
        browser.withCookie("sid", tokenOf("", twoDaysAgo));
        assertThat(browser.get(app.url("/look")).body()).isEqualTo("true");
        assertThat(PROXY.takeRoundTrips()).isZero();
    }

    @Test
    void theCookieOfAnotherApplicationCausesNoRoundTrip() {
        browser.withCookie("sid", tokenOf("/other", InstantSource.system()));
        assertThat(browser.get(app.url("/look")).body()).isEqualTo("true");
        assertThat(PROXY.takeRoundTrips()).isZero();

        browser.withCookie(
                "sid", tokenOf("", InstantSource.system())); // the same, but of this application, so Redis is asked
        assertThat(browser.get(app.url("/look")).body()).isEqualTo("true");
        assertThat(PROXY.takeRoundTrips()).isEqualTo(1);
    }

    /** Returns a genuine token of the application at a path, issued at some time. */
    private static String tokenOf(String path, InstantSource clock) {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of())));
        SessionRepository sessionRepository = new SessionRepository(
                SessionSettings.from(config, path),
                Keys.ring(App.KEYS),
                app.gatehouse().redis(),
                null,
                clock,
                SessionObserver.NONE,
                SaveObserver.NONE);
        return sessionRepository.token(sessionRepository.create(1800, Map.of()));
    }

    @Test
    void creatingASessionTakesOneRoundTrip() {
        browser.get(app.url("/make"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(1);
    }

    @Test
    void aLoginWithoutSessionTakesOneRoundTrip() {
        browser.get(app.url("/login"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(1);
    }

    @Test
    void readingASessionTakesOneRoundTripAndWritingTwo() {
        browser.get(app.url("/login"));
        PROXY.takeRoundTrips();
        assertThat(browser.get(app.url("/read")).body()).isEqualTo("[a]");
        assertThat(PROXY.takeRoundTrips()).isEqualTo(1);
        browser.get(app.url("/nothing"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(1);
        browser.get(app.url("/write"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(2);
    }

    @Test
    void anotherLoginAndAnIdChangeTakeTwoRoundTrips() {
        browser.get(app.url("/make"));
        PROXY.takeRoundTrips();
        browser.get(app.url("/login"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(2);
        browser.get(app.url("/rotate"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(2);
    }

    @Test
    void aLogoutTakesTwoRoundTripsAndAnEndedSessionOne() {
        browser.get(app.url("/login"));
        String token = browser.token();
        PROXY.takeRoundTrips();
        browser.get(app.url("/logout"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(2);
        new Browser().withCookie("sid", token).get(app.url("/look"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(1);
    }

    @Test
    void aSessionLimitCostsALoginOneMoreRoundTripToEvictAndTwoMoreToDeny() {
        assertThat(loginsWithALimitOfOne("evict-oldest")).containsExactly(2L, 6L);
        assertThat(loginsWithALimitOfOne("deny")).containsExactly(3L, 2L);
    }

    /** Returns the round trips of two logins, the first of which is within the limit. */
    private static List<Long> loginsWithALimitOfOne(String action) {
        REDIS.flush();
        List<Long> counts = new ArrayList<>();
        try (App limited = App.with(PROXY.url())
                .set("GATEHOUSE_SESSION_LIMIT", "1")
                .set("GATEHOUSE_SESSION_LIMIT_ACTION", action)
                .on(
                        "/login",
                        (request, response) ->
                                request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user")))
                .start()) {
            for (String user : List.of("warm-up", "warm-up", "alice", "alice")) {
                PROXY.takeRoundTrips();
                new Browser().get(limited.url("/login?user=" + user));
                counts.add((long) PROXY.takeRoundTrips());
            }
        }
        return counts.subList(2, 4);
    }
}
