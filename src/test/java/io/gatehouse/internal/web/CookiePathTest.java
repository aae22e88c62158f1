package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.App;
import io.gatehouse.testing.PathBrowser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Browsers send the cookie to its application, whatever the spelling of the context path, and to no other application. */
@RedisTest
class CookiePathTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final PathBrowser browser = new PathBrowser();

    private static App.Builder application(String path) {
        return App.with(REDIS.url())
                .path(path)
                .set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .on("/count", (request, response) -> {
                    int before = request.getSession().getAttribute("count") instanceof Integer known ? known : 0;
                    request.getSession().setAttribute("count", before + 1);
                    response.getWriter().print(before + 1);
                })
                .on(
                        "/login",
                        (request, response) ->
                                request.getSession().setAttribute("io.gatehouse.user", request.getParameter("user")))
                .on("/logout", (request, response) -> request.getSession().invalidate());
    }

    private String ask(App app, String path) {
        return browser.get(app.serverUrl(path)).body();
    }

    @ParameterizedTest
    @CsvSource({
        "/app, /app",
        "/a/b, /a/b",
        "/my shop, /my%20shop",
        "/100%, /100%25",
        "/a[b], /a%5Bb%5D",
        "/müller, /m%C3%BCller",
        "/müller, /m%c3%bcller",
        "/my shop, /%6Dy%20shop",
        "/商店, /%E5%95%86%E5%BA%97",
        "/a%20b, /a%2520b",
        "/a+b, /a+b"
    })
    void sessionDeviceAndRemovalCookiesHaveThePathInTheUrl(String contextPath, String inUrls) {
        try (App app = application(contextPath).start()) {
            assertThat(ask(app, inUrls + "/count")).isEqualTo("1");
            assertThat(ask(app, inUrls + "/count")).isEqualTo("2");
            assertThat(browser.cookies()).containsExactly("sid " + inUrls);
            browser.post(app.serverUrl(inUrls + "/login"), "user=alice");
            assertThat(ask(app, inUrls + "/count")).isEqualTo("3");
            assertThat(browser.cookies()).containsExactlyInAnyOrder("sid " + inUrls, "sid-device " + inUrls);
            ask(app, inUrls + "/logout");
            assertThat(browser.cookies()).containsExactly("sid-device " + inUrls);
        }
    }

    @Test
    void applicationsOnOneHostHaveSeparateSessions() {
        try (App app = application("/one")
                .beside(application("/two"))
                .beside(application(""))
                .start()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(ask(app, "/count") + ask(app, "/one/count") + ask(app, "/two/count"))
                        .isEqualTo("" + i + i + i);
            }
        }
    }

    @Test
    void applicationsWithTheSameCookieSeeNothingOfEachOther() {
        try (App app = application("/one")
                .set("GATEHOUSE_COOKIE_PATH", "/")
                .beside(application("/two")
                        .set("GATEHOUSE_COOKIE_PATH", "/")
                        .on(
                                "/sessionless",
                                (request, response) -> response.getWriter().print(request.getSession(false))))
                .start()) {
            assertThat(ask(app, "/one/count")).isEqualTo("1");
            assertThat(ask(app, "/two/sessionless"))
                    .as("a request that needs no session leaves the cookie of the other application")
                    .isEqualTo("null");
            assertThat(ask(app, "/one/count")).isEqualTo("2");
            assertThat(ask(app, "/two/count")).as("a session of its own").isEqualTo("1");
            assertThat(browser.cookies()).containsExactly("sid /");
            assertThat(ask(app, "/one/count"))
                    .as("its cookie was replaced, so a new session begins")
                    .isEqualTo("1");
        }
    }

    @Test
    void cookieNamesOfTheirOwnSeparateApplicationsWithOnePath() {
        try (App app = application("/one")
                .set("GATEHOUSE_COOKIE_PATH", "/")
                .set("GATEHOUSE_COOKIE_NAME", "one")
                .beside(application("/two").set("GATEHOUSE_COOKIE_PATH", "/").set("GATEHOUSE_COOKIE_NAME", "two"))
                .start()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(ask(app, "/one/count") + ask(app, "/two/count")).isEqualTo("" + i + i);
            }
            assertThat(browser.cookies()).containsExactlyInAnyOrder("one /", "two /");
        }
    }

    @Test
    void theSettingDeterminesTheCookiePath() {
        try (App app =
                application("/one").set("GATEHOUSE_COOKIE_PATH", "/shops").start()) {
            ask(app, "/one/count");
            assertThat(browser.cookies()).containsExactly("sid /shops");
        }
    }

    @ParameterizedTest
    @CsvSource({"GATEHOUSE_COOKIE_PATH, shop", "GATEHOUSE_COOKIE_PATH, /a;b", "GATEHOUSE_COOKIE_NAME, JSESSIONID"})
    void rejectsInvalidSettings(String setting, String value) {
        assertThatThrownBy(() -> application("/one").set(setting, value).start().close())
                .isInstanceOf(IllegalStateException.class);
    }
}
