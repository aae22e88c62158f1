package io.gatehouse.internal.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** FORM authentication by Jetty on two nodes that share the sessions of Gatehouse. */
@RedisTest
@ParameterizedClass
@EnumSource
class JettyFormLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final JettyContext.Version version;
    private final JettyApp one;
    private final JettyApp two;
    private final Browser browser = new Browser();

    JettyFormLoginTest(JettyContext.Version version) {
        this.version = version;
        this.one = start();
        this.two = start();
    }

    private JettyApp start() {
        return JettyUsers.form(version, REDIS.url())
                .on(
                        "/member/order",
                        (request, response) -> response.getWriter()
                                .print(request.getParameterMap().entrySet().stream()
                                        .map(entry -> entry.getKey() + "=" + String.join(",", entry.getValue()))
                                        .sorted()
                                        .collect(Collectors.joining(" "))))
                .on("/boss/office", (request, response) -> response.getWriter().print("welcome"))
                .start();
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private Browser.Answer logIn(JettyApp node, String user) {
        return browser.post(node.url("/j_security_check"), "j_username=" + user + "&j_password=" + user);
    }

    private void logInAt(JettyApp node, String user) {
        assertThat(who(browser, node)).isEqualTo("/login-page");
        assertThat(logIn(node, user).header("location")).isEqualTo("/member/who");
        assertThat(who(browser, node)).startsWith(user + " true");
    }

    /** Returns the body, or where Jetty redirects to. */
    private static String who(Browser browser, JettyApp node) {
        return body(browser.get(node.url("/member/who")));
    }

    private static String body(Browser.Answer answer) {
        String location = answer.header("location");
        return location == null ? answer.body() : location;
    }

    @Test
    void theUserIsKnownOnTheOtherNodeAlsoWhenTheFirstHasStopped() {
        logInAt(one, "root");
        assertThat(who(browser, two)).isEqualTo("root true true FORM");
        one.close();
        assertThat(who(browser, two)).isEqualTo("root true true FORM");
        assertThat(browser.get(two.url("/boss/office")).body()).isEqualTo("welcome");
        assertThat(browser.get(two.url("/who")).body()).isEqualTo("root true");
    }

    @Test
    void eachStepOfTheLoginMayGoToAnotherNode() {
        assertThat(body(browser.get(one.url("/member/who?a=b")))).isEqualTo("/login-page");
        assertThat(browser.get(two.url("/login-page")).body()).isEqualTo("please log in");
        assertThat(logIn(two, "alice").header("location")).isEqualTo("/member/who?a=b");
        assertThat(browser.get(one.url("/member/who?a=b")).body()).isEqualTo("alice true false FORM");
        assertThat(browser.get(one.url("/boss/office")).status()).isEqualTo(403);
    }

    /** Jetty continues with the fields, and the method of the redirect, unless the request claims to have an empty body. */
    @Test
    void aPostedFormContinuesOnTheOtherNode() throws Exception {
        HttpRequest.Builder order = HttpRequest.newBuilder(URI.create(one.url("/member/order?table=7")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("dish=soup&dish=b%C3%A9arnaise"));
        assertThat(body(browser.send(order))).isEqualTo("/login-page");
        assertThat(logIn(one, "alice").header("location")).isEqualTo("/member/order?table=7");
        assertThat(getWithoutBody(two.url("/member/order?table=7"))).isEqualTo("dish=soup,b\u00e9arnaise table=7");
        assertThat(getWithoutBody(one.url("/member/order?table=7"))).isEqualTo("table=7");
    }

    /** Sends what browsers send; the HTTP client of Java adds a length of 0. */
    private String getWithoutBody(String url) throws Exception {
        URLConnection request = URI.create(url).toURL().openConnection();
        request.setRequestProperty("Cookie", "sid=" + browser.token());
        try (InputStream body = request.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void theIdChangesAtTheLoginAndTheFormerTokenOpensNothing() {
        browser.get(one.url("/make"));
        browser.get(one.url("/member/who"));
        String before = browser.token();
        logIn(one, "alice");
        String alice = browser.token();
        assertThat(alice).isNotEqualTo(before);
        assertThat(who(new Browser().withCookie("sid", before), two)).isEqualTo("/login-page");
        assertThat(browser.get(two.url("/cart")).body()).isEqualTo("apples");
        logIn(two, "bob");
        assertThat(browser.token()).isNotEqualTo(alice);
        assertThat(who(browser, one)).startsWith("bob");
        assertThat(who(new Browser().withCookie("sid", alice), one)).isEqualTo("/login-page");
    }

    @Test
    void aWrongPasswordGivesTheErrorPage() {
        browser.get(one.url("/member/who"));
        assertThat(body(browser.post(one.url("/j_security_check"), "j_username=alice&j_password=no")))
                .isEqualTo("/login-error");
        assertThat(who(browser, two)).isEqualTo("/login-page");
        logInAt(two, "alice");
    }

    @Test
    void theEndOfASessionEndsTheLoginOnEveryNode() {
        logInAt(one, "alice");
        String token = browser.token();
        browser.get(two.url("/invalidate"));
        assertThat(browser.cookie("sid")).isNull();
        assertThat(who(new Browser().withCookie("sid", token), one)).isEqualTo("/login-page");
    }

    @Test
    void aLogoutEndsTheLoginOnEveryNodeAndKeepsTheSession() {
        browser.get(one.url("/make"));
        logInAt(one, "alice");
        browser.get(two.url("/logout"));
        assertThat(browser.get(one.url("/who")).body()).isEqualTo("null true");
        assertThat(browser.get(one.url("/cart")).body()).isEqualTo("apples");
        assertThat(who(browser, one)).isEqualTo("/login-page");
    }

    @Test
    void anAdministratorEndsTheLoginBeforeTheNextRequest() {
        logInAt(one, "alice");
        assertThat(one.gatehouse().sessionManager().getUserSessions("alice")).hasSize(1);
        two.gatehouse().sessionManager().terminateUserSessions("alice", null);
        Browser.Answer next = browser.get(one.url("/who"));
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body()).isEqualTo("null false");
        assertThat(who(browser, two)).isEqualTo("/login-page");
    }

    @Test
    void aLoginPageThatJettyServesInPlaceOfTheRequestedOneWorks() {
        try (JettyApp app = JettyUsers.with(
                        version, REDIS.url(), new FormAuthenticator("/login-page", "/login-error", true))
                .start()) {
            Browser.Answer page = browser.get(app.url("/member/who"));
            assertThat(page.body()).isEqualTo("please log in");
            assertThat(page.setCookies()).singleElement().asString().startsWith("sid=");
            assertThat(browser.post(app.url("/j_security_check"), "j_username=alice&j_password=no")
                            .body())
                    .isEqualTo("wrong password");
            assertThat(logIn(app, "alice").header("location")).isEqualTo("/member/who");
            assertThat(who(browser, two)).startsWith("alice");
        }
    }

    @Test
    void onlyTheCookieOfGatehouseIsSent() {
        assertThat(browser.get(one.url("/member/who")).setCookies())
                .singleElement()
                .asString()
                .startsWith("sid=");
        assertThat(logIn(one, "alice").setCookies())
                .hasSize(2)
                .allMatch(cookie -> cookie.startsWith("sid=") || cookie.startsWith("sid-device="));
    }

    @Test
    void aLoginByTheApplicationIsKnownOnTheOtherNode() {
        try (JettyApp app = JettyUsers.form(version, REDIS.url())
                .on("/login", (request, response) -> request.login("root", "root"))
                .on("/session-first", (request, response) -> {
                    request.getSession().setAttribute("cart", "pears");
                    request.login("root", "root");
                    response.getWriter().print(request.getRemoteUser());
                })
                .start()) {
            for (String path : new String[] {"/login", "/session-first"}) {
                Browser fresh = new Browser();
                fresh.get(app.url(path));
                assertThat(who(fresh, two)).as(path).isEqualTo("root true true FORM");
            }
            browser.get(app.url("/make"));
            String before = browser.token();
            browser.get(app.url("/login"));
            assertThat(browser.token()).isNotEqualTo(before);
            assertThat(who(browser, two)).startsWith("root");
            assertThat(browser.get(two.url("/cart")).body()).isEqualTo("apples");
            browser.get(two.url("/logout"));
            assertThat(who(browser, app)).isEqualTo("/login-page");
        }
    }

    @Test
    void theUserLogsInAgainWhenTheRolesMustBeReadAgain() {
        try (JettyApp app = JettyUsers.form(version, REDIS.url())
                .set("GATEHOUSE_SESSION_ROLES_REFRESH", "1s")
                .start()) {
            browser.get(app.url("/make"));
            logInAt(app, "alice");
            Eventually.within(
                    Duration.ofSeconds(20), () -> assertThat(who(browser, app)).isEqualTo("/login-page"));
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
            logInAt(app, "root");
            assertThat(browser.get(two.url("/cart")).body()).isEqualTo("apples");
        }
    }
}
