package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.SessionCookieConfig;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The attributes of the session cookie. */
@RedisTest
class CookieTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @Test
    void theSessionCookieIsHttpOnlyAndSameSite() {
        assertThat(setCookie(App.with(REDIS.url()))).matches("sid=v1\\.[^;]+; Path=/; HttpOnly; SameSite=Lax");
    }

    @Test
    void theSessionCookieOverTlsIsSecureAndBoundToItsHost() {
        assertThat(setCookie(App.with(REDIS.url()).customize(CookieTest::behindTls)))
                .matches("__Host-sid=v1\\.[^;]+; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void theSessionCookieBehindATlsProxyIsSecureIfConfigured() {
        assertThat(setCookie(App.with(REDIS.url()).set("GATEHOUSE_COOKIE_SECURE", "always")))
                .startsWith("__Host-sid=")
                .contains("; Secure");
    }

    @Test
    void theSessionCookieHasTheContextPath() {
        assertThat(setCookie(App.with(REDIS.url()).path("/app"))).contains("; Path=/app;");
        assertThat(setCookie(App.with(REDIS.url()).path("/app").set("GATEHOUSE_COOKIE_SECURE", "always")))
                .startsWith("__Secure-sid=");
    }

    @Test
    void theSessionCookieFollowsTheApplicationsConfiguration() {
        assertThat(setCookie(App.with(REDIS.url())
                        .customize(context -> configure(context, config -> {
                            config.setName("app-session");
                            config.setPath("/x");
                            config.setDomain("example.com");
                            config.setSecure(true);
                            config.setMaxAge(3600);
                            config.setAttribute("SameSite", "Strict");
                            config.setAttribute("Partitioned", "");
                        }))))
                .startsWith("app-session=v1.")
                .contains("; Max-Age=3600;", "; Domain=example.com;", "; Path=/x;", "; Secure;", "; HttpOnly;")
                .contains("; SameSite=Strict", "; Partitioned");
    }

    @Test
    void theSessionCookieHasTheConfiguredName() {
        assertThat(setCookie(App.with(REDIS.url()).set("GATEHOUSE_COOKIE_NAME", "mine")))
                .startsWith("mine=v1.");
    }

    @Test
    void theSessionCookieIsNotReadWithoutItsPrefixOverTls() {
        App.Builder builder = App.with(REDIS.url())
                .customize(CookieTest::behindTls)
                .on("/make", (request, response) -> request.getSession())
                .on("/has", (request, response) -> response.getWriter().print(request.getSession(false) != null));
        try (App app = builder.start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            assertThat(browser.get(app.url("/has")).body()).isEqualTo("true");
            String token = String.valueOf(browser.cookie("__Host-sid"));
            assertThat(new Browser()
                            .withCookie("sid", token)
                            .get(app.url("/has"))
                            .body())
                    .isEqualTo("false");
        }
    }

    @Test
    void theSessionCookieIsSetOnce() {
        try (App app = App.with(REDIS.url())
                .on("/count", (request, response) -> request.getSession().setAttribute("n", System.nanoTime()))
                .start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/count")).setCookies()).hasSize(1);
            assertThat(browser.get(app.url("/count")).setCookies()).isEmpty();
        }
    }

    @Test
    void aLogoutRemovesTheSessionCookieWithTheSameAttributes() {
        App.Builder builder = App.with(REDIS.url())
                .path("/app")
                .on("/make", (request, response) -> request.getSession())
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .on("/again", (request, response) -> {
                    request.getSession().invalidate();
                    request.getSession().setAttribute("new", true);
                });
        try (App app = builder.start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            String first = browser.token();
            browser.get(app.url("/again"));
            assertThat(browser.token()).isNotEqualTo(first);
            Answer answer = browser.get(app.url("/logout"));
            assertThat(answer.setCookies())
                    .singleElement()
                    .asString()
                    .matches("sid=; (Max-Age=0; )?Expires=Thu, 01 Jan 1970 [^;]+; Path=/app; HttpOnly; SameSite=Lax");
        }
    }

    private static void behindTls(org.apache.catalina.Context context) {
        context.getPipeline().addValve(new org.apache.catalina.valves.ValveBase() {
            @Override
            public void invoke(
                    org.apache.catalina.connector.Request request, org.apache.catalina.connector.Response response)
                    throws java.io.IOException, jakarta.servlet.ServletException {
                request.setSecure(true);
                getNext().invoke(request, response);
            }
        });
    }

    private static void configure(org.apache.catalina.Context context, Consumer<SessionCookieConfig> change) {
        context.addServletContainerInitializer(
                (classes, servletContext) -> change.accept(servletContext.getSessionCookieConfig()), null);
    }

    private static String setCookie(App.Builder builder) {
        try (App app =
                builder.on("/make", (request, response) -> request.getSession()).start()) {
            Answer answer = new Browser().get(app.url("/make"));
            assertThat(answer.setCookies()).hasSize(1);
            return answer.setCookies().get(0);
        }
    }
}
