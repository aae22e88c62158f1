package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.Eventually;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests rate limits by the application's own rules, and login protection. */
@OnServer
class LimitsIT {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The longest wait in seconds for a limit of two per sliding hour: the window and half of the next one. */
    private static final long LONGEST_WAIT = 5400;

    private int clients;
    /** The client address of the test. Each test has its own, because the server remembers the addresses that it has refused. */
    private String address = "";

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive limits() {
        return Wars.limits();
    }

    @BeforeEach
    void useAnotherAddress() {
        clients++;
        address = "203.0.113." + clients;
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(Node.url(Node.ONE, "/limits" + path)))
                .header("X-Forwarded-For", address);
    }

    private Answer get(String path) {
        return new Browser().send(to(path).GET());
    }

    private Answer post(Browser browser, String path, String contentType, String form) {
        return browser.send(
                to(path).header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private Answer post(String path, String form) {
        return post(new Browser(), path, FORM, form);
    }

    private static void assertIsRefused(Answer answer, String rule) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(429);
        assertThat(Long.parseLong(answer.header("Retry-After"))).isBetween(1L, LONGEST_WAIT);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"violated-policies\":[\"" + rule + "\"]");
    }

    @Test
    void reportsTheQuotaUntilTheClientIsRefused() {
        for (int left = 2; left >= 0; left--) {
            Answer answer = get("/page");
            assertThat(answer.body()).isEqualTo("page");
            assertThat(answer.header("RateLimit")).startsWith("\"page\";r=" + left);
            assertThat(answer.header("RateLimit-Policy")).startsWith("\"page\";q=3;w=3600");
        }
        Answer refused = get("/page");
        assertIsRefused(refused, "page");
        assertThat(refused.header("RateLimit")).startsWith("\"page\";r=0");
        Answer page =
                new Browser().send(to("/page").header("Accept", "text/html").GET());
        assertThat(page.status()).isEqualTo(429);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("Too many requests");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "status"})
    void allowsFiveFailedLoginsAndCountsNeitherSuccessesNorErrors(String way) {
        for (int i = 0; i < 5; i++) {
            assertThat(post("/login", "as=friend").body()).isEqualTo("welcome");
            assertThat(post("/login", "as=exception").status()).isEqualTo(500);
            assertThat(post("/login", "as=" + way).status()).as("failure %s", i).isEqualTo(401);
        }
        assertIsRefused(post("/login", "as=friend"), "login");
    }

    @Test
    void countsFailuresOfAsynchronousResponses() {
        for (int i = 0; i < 3; i++) {
            assertThat(get("/late?status=200").status()).isEqualTo(200);
        }
        assertThat(get("/late?status=403").status()).isEqualTo(403);
        assertThat(get("/late?status=403").status()).isEqualTo(403);
        assertIsRefused(get("/late?status=200"), "late");
    }

    @Test
    void limitsAnAnnotatedMethod() {
        assertThat(get("/bean/limited").body()).isEqualTo("limited");
        assertThat(get("/bean/limited").body()).isEqualTo("limited");
        assertIsRefused(get("/bean/limited"), "offer");
        assertThat(get("/bean/free").body()).isEqualTo("free");
    }

    @Test
    void limitsAllMethodsOfAnAnnotatedClassTogether() {
        assertThat(get("/bean/first").body()).isEqualTo("first");
        assertThat(get("/bean/second").body()).isEqualTo("second");
        assertIsRefused(get("/bean/first"), "catalog");
    }

    @Test
    void resetsByTheInjectedLimiter() {
        for (int i = 0; i < 3; i++) {
            assertThat(get("/page").status()).isEqualTo(200);
        }
        assertIsRefused(get("/page"), "page");
        assertThat(get("/forget?address=" + address).status()).isEqualTo(200);
        assertThat(get("/page").status()).isEqualTo(200);
    }

    @Test
    void locksAnAccountExceptForItsKnownBrowserUntilTheInjectedGuardResetsIt() {
        Browser owner = new Browser();
        assertThat(post(owner, "/form", FORM, "user=alice&password=right").body())
                .isEqualTo("alice");
        for (int i = 0; i < 5; i++) {
            useAnotherAddress();
            assertThat(post("/form", "user=alice&password=wrong").body()).isEqualTo("wrong");
        }
        Answer locked = post("/form", "user=alice&password=right");
        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.body()).contains("abnormal-usage-detected");
        assertThat(Long.parseLong(locked.header("Retry-After"))).isBetween(1L, 30L);
        assertThat(post(owner, "/form", FORM, "user=alice&password=right").body())
                .isEqualTo("alice");

        assertThat(get("/forgive?account=alice").status()).isEqualTo(200);
        assertThat(post("/form", "user=alice&password=right").body()).isEqualTo("alice");
    }

    @Test
    void asksTheResolverOfTheApplicationForTheLimitsOfUsers() {
        Eventually.within(
                SOON,
                () -> { // for ten seconds after a slow reply it is not asked
                    assertThat(requestsOfPlan("standard-" + UUID.randomUUID())).isEqualTo(1);
                    String premium = "premium-" + UUID.randomUUID();
                    assertThat(requestsOfPlan(premium)).isEqualTo(3);
                    assertThat(get("/audit").body().lines()).contains("asked for plan " + premium);
                });
    }

    /** Returns how many requests a user may send to {@code /plan} before one is refused. */
    private int requestsOfPlan(String user) {
        Browser browser = new Browser();
        assertThat(post(browser, "/form", FORM, "user=" + user + "&password=right")
                        .body())
                .isEqualTo(user);
        int allowed = 0;
        while (allowed < 5 && browser.send(to("/plan").GET()).status() == 200) {
            allowed++;
        }
        return allowed;
    }

    @Test
    void firesEventsToObserversOfTheApplication() {
        for (int i = 0; i < 4; i++) {
            get("/page");
        }
        String attacker = address;
        for (int i = 0; i < 30; i++) {
            post("/form", "user=victim" + i + "&password=wrong");
        }
        for (int i = 0; i < 6; i++) {
            useAnotherAddress();
            post("/form", "user=eve&password=wrong");
        }
        Eventually.within(
                SOON,
                () -> assertThat(get("/audit").body().lines())
                        .contains("refused page " + attacker, "attacked FROM_ADDRESS " + attacker)
                        .anyMatch(line -> line.matches("locked for \\d+ s: \\S+")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/form", "/own-charset"})
    void readsProtectedFormsInUtf8UnlessTheRequestNamesAnotherCharset(String path) {
        assertThat(post(path, "user=J%C3%B6rg&password=right").body()).isEqualTo("J\u00f6rg");
        Answer latin1 = post(new Browser(), path, FORM + "; charset=ISO-8859-1", "user=J%F6rg&password=right");
        assertThat(latin1.body()).isEqualTo("J\u00f6rg");
    }

    @Test
    void seesTheLoginFormOfTheServerOnLibertyOnly() {
        String wrong = "j_username=unknown&j_password=wrong";
        assertThat(post("/j_security_check", wrong).status()).isNotEqualTo(429);
        assertThat(post("/j_security_check", wrong).status() == 429).isEqualTo(Server.LIBERTY.isUnderTest());
    }
}
