package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;

/** Rate limits, over HTTP. */
@RedisTest
class LimitTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static App.Builder limited(String rules) {
        return limited(REDIS.url(), rules);
    }

    private static App.Builder limited(String url, String rules) {
        return App.with(url)
                .set("GATEHOUSE_RATE_LIMITS", rules)
                .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                .on("/page", (request, response) -> response.getWriter().print("page"))
                .on(
                        "/session",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getId()))
                .on("/login", (request, response) -> {
                    if (!"right".equals(request.getParameter("password"))) {
                        response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
                    }
                });
    }

    private static HttpRequest.Builder from(String address, String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("X-Forwarded-For", address);
    }

    @Test
    void refusesTheSixthWrongPasswordButNotAnotherAddress() {
        try (App app = limited("built-in").start()) {
            Browser browser = new Browser();
            for (int i = 0; i < 5; i++) {
                assertThat(browser.post(app.url("/login"), "password=wrong").status())
                        .isEqualTo(401);
            }
            Browser.Answer sixth = browser.post(app.url("/login"), "password=right");
            assertThat(sixth.status()).isEqualTo(429);
            assertThat(Long.parseLong(sixth.header("Retry-After"))).isBetween(1L, 72L);
            assertThat(sixth.body()).contains("\"violated-policies\":[\"login\"]");
            Browser.Answer other = browser.send(from("203.0.113.7", app.url("/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("password=right")));
            assertThat(other.status()).isEqualTo(200);
        }
    }

    @Test
    void aRuleForFailuresDoesNotCountSuccesses() {
        try (App app = limited("built-in").start()) {
            Browser browser = new Browser();
            for (int i = 0; i < 12; i++) {
                assertThat(browser.post(app.url("/login"), "password=right").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aRuleForARoleAppliesToItsCallersOnly() {
        try (App app = limited("premium.when = role:premium\npremium.level = ip\npremium.limit = 3/hour\n"
                        + "others.when = not role:premium\nothers.level = ip\nothers.limit = 1/hour")
                .customize(context -> context.getPipeline().addValve(new RoleOfHeader()))
                .start()) {
            assertThat(admitted(app, "premium")).isEqualTo(3);
            assertThat(admitted(app, "plain")).isEqualTo(1);
        }
    }

    private static int admitted(App app, String role) {
        int admitted = 0;
        for (int i = 0; i < 5; i++) {
            HttpRequest.Builder request = from("203.0.113.7", app.url("/page")).header("X-Role", role);
            admitted += new Browser().send(request).status() == 200 ? 1 : 0;
        }
        return admitted;
    }

    /** Authenticates each request as a user with the role in a header, as a server does before the filter. */
    private static final class RoleOfHeader extends ValveBase {
        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            request.setUserPrincipal(new GenericPrincipal("alice", List.of(request.getHeader("X-Role"))));
            getNext().invoke(request, response);
        }
    }

    @Test
    void anAllowedResponseReportsTheRemainingQuota() {
        try (App app = limited("page.match = /page\npage.level = ip\npage.limit = 5/min")
                .start()) {
            Browser.Answer answer = new Browser().get(app.url("/page"));
            assertThat(answer.body()).isEqualTo("page");
            assertThat(answer.header("RateLimit")).startsWith("\"page\";r=4");
            assertThat(answer.header("RateLimit-Policy")).startsWith("\"page\";q=5;w=60");
        }
        try (App app = limited("page.match = /page\npage.level = ip\npage.limit = 5/min")
                .set("GATEHOUSE_RATE_LIMIT_HEADERS", "False")
                .start()) {
            assertThat(new Browser().get(app.url("/page")).header("RateLimit")).isNull();
        }
    }

    @Test
    void rulesAndSessionTakeOneRoundTripAndARepeatedRefusalNone() {
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App app = limited(
                                proxy.url(),
                                "a.level = ip\na.limit = sliding 5/hour\nb.level = network\nb.limit = 90/hour")
                        .set("REDIS_HEALTH_CHECK_INTERVAL", "3600")
                        .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/page"));
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(200);
            browser.get(app.url("/page")); // so that Redis knows all scripts
            proxy.takeRoundTrips();
            assertThat(browser.get(app.url("/page")).status()).isEqualTo(200);
            assertThat(proxy.takeRoundTrips()).as("rules without a session").isEqualTo(1);
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(200);
            assertThat(proxy.takeRoundTrips()).as("rules and reading a session").isEqualTo(1);
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(429);
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(429);
            assertThat(proxy.takeRoundTrips()).as("this node knows the refusal").isZero();
        }
    }

    @Test
    void theApplicationWorksWhileRedisForRateLimitsIsUnavailable() {
        TestRedis limits = TestRedis.start();
        try (limits;
                App app = limited("a.level = ip\na.limit = 2/hour\na.on-redis-failure = local")
                        .set("REDIS_RATE_LIMIT_URL", limits.url())
                        .start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(200);
            limits.close();
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(200);
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(200);
            assertThat(browser.get(app.url("/session")).status()).isEqualTo(429);
        }
    }

    @Test
    void aClosedRuleResponds503WhileRedisIsUnavailable() {
        try (App app = limited("a.level = ip\na.limit = 2/hour\na.on-redis-failure = closed")
                .set("REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:1/0")
                .start()) {
            Browser.Answer answer = new Browser().get(app.url("/page"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertThat(answer.body()).contains("temporary-reduced-capacity", "\"violated-policies\":[\"a\"]");
        }
    }

    @Test
    void asynchronousResponsesAreChargedToo() {
        try (App app = limited("a.level = ip\na.limit = sliding 2/hour\na.counts = failures 403")
                .on("/late", (request, response) -> {
                    var async = request.startAsync();
                    async.start(() -> {
                        ((HttpServletResponse) async.getResponse())
                                .setStatus("no".equals(request.getParameter("may")) ? 403 : 200);
                        async.complete();
                    });
                })
                .start()) {
            Browser browser = new Browser();
            for (int i = 0; i < 5; i++) {
                assertThat(browser.get(app.url("/late?may=yes")).status()).isEqualTo(200);
            }
            assertThat(browser.get(app.url("/late?may=no")).status()).isEqualTo(403);
            assertThat(browser.get(app.url("/late?may=no")).status()).isEqualTo(403);
            assertThat(browser.get(app.url("/late?may=yes")).status()).isEqualTo(429);
        }
    }

    @Test
    void appliesAllowAndDenyLists() {
        String rules = "a.level = ip\na.limit = 1/hour\nallow = 192.0.2.0/24\ndeny = 198.51.100.7, 2001:db8:bad::/48";
        try (App app = limited(rules).start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(new Browser()
                                .send(from("192.0.2.9", app.url("/page")))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(new Browser()
                            .send(from("198.51.100.7", app.url("/page")))
                            .status())
                    .isEqualTo(403);
            assertThat(new Browser()
                            .send(from("2001:db8:bad:1::9", app.url("/page")))
                            .status())
                    .isEqualTo(403);
            assertThat(new Browser()
                            .send(from("198.51.100.8", app.url("/page")))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void countsUsersByTheirTokenFromAnyAddress() {
        try (App app = limited("a.match = /page\na.level = user\na.limit = 2/hour")
                .on(
                        "/in",
                        (request, response) -> request.getSession()
                                .setAttribute(
                                        io.gatehouse.internal.session.Session.USER_ATTRIBUTE,
                                        request.getParameter("user")))
                .start()) {
            Browser one = new Browser();
            Browser two = new Browser();
            Browser bob = new Browser();
            one.get(app.url("/in?user=alice"));
            two.get(app.url("/in?user=alice"));
            bob.get(app.url("/in?user=bob"));
            assertThat(one.get(app.url("/page")).status()).isEqualTo(200);
            assertThat(two.send(from("203.0.113.7", app.url("/page"))).status()).isEqualTo(200);
            Browser.Answer refused = one.get(app.url("/page"));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("RateLimit")).contains("\"a\";r=0");
            assertThat(bob.get(app.url("/page")).status()).isEqualTo(200);
            assertThat(new Browser().get(app.url("/page")).status())
                    .as("anonymous")
                    .isEqualTo(200);
            assertThat(app.gatehouse().rateLimiter().reset("user", "alice")).isEqualTo(1);
            assertThat(two.get(app.url("/page")).status())
                    .as("this node has forgotten the refusal as well")
                    .isEqualTo(200);
        }
    }
}
