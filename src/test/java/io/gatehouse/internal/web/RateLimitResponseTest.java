package io.gatehouse.internal.web;

import static io.gatehouse.internal.web.CounterStatuses.left;
import static io.gatehouse.internal.web.CounterStatuses.rule;
import static io.gatehouse.internal.web.CounterStatuses.violated;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.rules.RateLimitRule.Mode;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The responses to allowed and refused requests, as clients receive them. */
@RedisTest
class RateLimitResponseTest {
    private static final String PK = ";pk=:cTZ1cnE2dXJxNnVy:";
    private static final TestRedis REDIS = TestRedis.shared();
    private static App app;

    private static final LimitDecision.Refused REFUSED = new LimitDecision.Refused(
            List.of(
                    left(rule("day", "ip", "sliding 1000/day"), 900, Duration.ofHours(30)),
                    violated(rule("login", "ip", "5/min"), Duration.ofMillis(11_001), Duration.ofSeconds(60)),
                    violated(rule("user", "user", "9/min"), Duration.ofSeconds(3), Duration.ofSeconds(60)),
                    violated(rule("trial", "ip", "1/hour", 1, Mode.DRY_RUN), Duration.ofHours(1), Duration.ofHours(1))),
            Duration.ofMillis(11_001));

    @BeforeAll
    static void start() {
        app = App.with(REDIS.url())
                .on("/allowed", (request, response) -> {
                    RateLimitResponse.success(
                            response,
                            new LimitDecision.Allowed(
                                    List.of(left(rule("login", "ip", "5/min"), 4, Duration.ofSeconds(12)))),
                            false);
                    response.getWriter().print("welcome");
                })
                .on("/unlimited", (request, response) -> {
                    RateLimitResponse.success(response, new LimitDecision.Allowed(List.of()), true);
                    response.getWriter().print("welcome");
                })
                .on("/refused", (request, response) -> {
                    response.setHeader("X-Started", "by the application");
                    response.getWriter().print("started by the application");
                    RateLimitResponse.refuse(request, response, CorsPolicy.OFF, REFUSED, false);
                })
                .on(
                        "/refused-user",
                        (request, response) ->
                                RateLimitResponse.refuse(request, response, CorsPolicy.OFF, REFUSED, true))
                .on(
                        "/locked",
                        (request, response) -> RateLimitResponse.refuse(
                                request,
                                response,
                                CorsPolicy.OFF,
                                WebProblemType.ABNORMAL_USAGE_DETECTED,
                                Duration.ofSeconds(30),
                                List.of("login")))
                .on(
                        "/closed",
                        (request, response) -> RateLimitResponse.refuse(
                                request,
                                response,
                                CorsPolicy.OFF,
                                WebProblemType.TEMPORARY_REDUCED_CAPACITY,
                                Duration.ZERO,
                                List.of("login")))
                .on("/late", (request, response) -> {
                    response.getWriter().print("partial");
                    response.flushBuffer();
                    RateLimitResponse.refuse(request, response, CorsPolicy.OFF, REFUSED, false);
                })
                .on("/session", (request, response) -> request.getSession().setAttribute("n", 1))
                .on(
                        "/has-session",
                        (request, response) -> response.getWriter().print(request.getSession(false) != null))
                .on("/error", (request, response) -> response.getWriter().print("the application's page"))
                .customize(context -> {
                    for (int status : new int[] {429, 503}) {
                        ErrorPage page = new ErrorPage();
                        page.setErrorCode(status);
                        page.setLocation("/error");
                        context.addErrorPage(page);
                    }
                })
                .start();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(app.url(path)));
    }

    @Test
    void anAllowedResponseHasRateLimitHeaders() {
        Answer answer = new Browser().get(app.url("/allowed"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("welcome");
        assertThat(answer.headers().get("ratelimit-policy")).containsExactly("\"login\";q=5;w=60" + PK);
        assertThat(answer.headers().get("ratelimit")).containsExactly("\"login\";r=4;t=48" + PK);
        assertThat(answer.header("Retry-After")).isNull();
        assertThat(new Browser().get(app.url("/unlimited")).headers())
                .doesNotContainKeys("ratelimit-policy", "ratelimit");
    }

    @Test
    void aRefusalIsCompleteAndBypassesTheErrorPage() {
        Answer answer = new Browser().get(app.url("/refused"));
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("12");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.header("X-Begun")).isNull();
        assertThat(answer.header("RateLimit-Policy"))
                .isEqualTo("\"day\";q=1000;w=86400" + PK + ", \"login\";q=5;w=60" + PK + ", \"user\";q=9;w=60");
        assertThat(answer.header("RateLimit")).isEqualTo("\"login\";r=0;t=12" + PK);
        assertThat(answer.body())
                .startsWith("{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\"")
                .contains("\"detail\":\"There were more requests than allowed. Please try again in 12 seconds.\"")
                .endsWith("\"violated-policies\":[\"login\",\"user\"]}");
    }

    @Test
    void anAuthenticatedClientSeesTheCounterOfItsUser() {
        assertThat(new Browser().get(app.url("/refused-user")).header("RateLimit"))
                .isEqualTo("\"login\";r=0;t=12" + PK + ", \"user\";r=0;t=3" + PK);
    }

    @Test
    void aBrowserGetsAPage() {
        Answer answer = new Browser().send(request("/refused").header("Accept", "text/html,*/*;q=0.8"));
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(answer.header("Content-Security-Policy")).isEqualTo(ProblemPage.SECURITY_POLICY);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Retry-After")).isEqualTo("12");
        assertThat(answer.body()).contains("Please try again in 12 seconds.").endsWith("</html>\n");
    }

    @Test
    void combinesSeveralAcceptHeaders() {
        Answer answer = new Browser()
                .send(request("/refused").header("Accept", "text/html").header("Accept", "application/json"));
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void echoesNothingThatTheClientSent() {
        for (String accept : new String[] {"text/html", "application/json"}) {
            Answer answer = new Browser()
                    .send(request("/refused?q=%3Cscript%3Emarker")
                            .header("Accept", accept)
                            .header("User-Agent", "marker")
                            .POST(BodyPublishers.ofString("marker")));
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body() + answer.headers()).doesNotContain("marker");
        }
    }

    @Test
    void respondsToHeadWithTheSameHeadersAndNoBody() {
        Answer get = new Browser().get(app.url("/refused"));
        Answer head = new Browser().send(request("/refused").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(429);
        assertThat(head.body()).isEmpty();
        for (String name : new String[] {"Retry-After", "RateLimit", "Content-Type", "Content-Length"}) {
            assertThat(head.header(name)).as(name).isNotNull().isEqualTo(get.header(name));
        }
    }

    @Test
    void lockoutsAndClosedRulesDiscloseNoCounter() {
        Answer locked = new Browser().get(app.url("/locked"));
        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.header("Retry-After")).isEqualTo("30");
        assertThat(locked.body()).contains("#abnormal-usage-detected", "\"violated-policies\":[\"login\"]");
        Answer closed = new Browser().get(app.url("/closed"));
        assertThat(closed.status()).isEqualTo(503);
        assertThat(closed.header("Retry-After")).isEqualTo("1");
        assertThat(closed.body()).contains("#temporary-reduced-capacity", "\"status\":503");
        for (Answer answer : List.of(locked, closed)) {
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.headers()).doesNotContainKeys("ratelimit-policy", "ratelimit");
        }
    }

    @Test
    void doesNotReplaceACommittedResponse() {
        Answer answer = new Browser().get(app.url("/late"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("partial");
    }

    @Test
    void aRefusalKeepsTheSession() {
        Browser browser = new Browser();
        browser.get(app.url("/session"));
        assertThat(browser.get(app.url("/refused")).setCookies()).isEmpty();
        assertThat(browser.get(app.url("/has-session")).body()).isEqualTo("true");
    }

    @Test
    void everyRefusalHasAnIdOfItsOwn() {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            String body = new Browser().get(app.url("/refused")).body();
            UUID id = UUID.fromString(body.replaceAll(".*urn:uuid:([0-9a-f-]{36}).*", "$1"));
            assertThat(id.version()).isEqualTo(4);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(ids.add(id)).isTrue();
        }
    }

    @Test
    void logsTheIdOfTheRefusal() {
        try (LogCapture log = new LogCapture("io.gatehouse.internal.web")) {
            String body = new Browser().get(app.url("/refused")).body();
            String id = body.replaceAll(".*urn:uuid:([0-9a-f-]{36}).*", "$1");
            assertThat(log.lines()).containsOnlyOnce("FINE refused " + id + ": Quota Exceeded [login, user]");
        }
    }
}
