package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FORM authentication by Tomcat on two nodes that share the sessions of Gatehouse. */
@RedisTest
class FormLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch proceed = new CountDownLatch(1);
    private final App one = start();
    private final App two = start();
    private final Browser browser = new Browser();
    private boolean oneRuns = true;

    private App start() {
        return ServerUsers.form(REDIS.url())
                .on(
                        "/member/order",
                        (request, response) -> response.getWriter()
                                .print(request.getMethod() + " "
                                        + request.getParameterMap().entrySet().stream()
                                                .map(entry -> entry.getKey() + "=" + String.join(",", entry.getValue()))
                                                .sorted()
                                                .collect(Collectors.joining(" "))
                                        + " " + request.getHeader("X-Origin") + " "
                                        + request.getCookies().length))
                .on("/boss/office", (request, response) -> response.getWriter().print("welcome"))
                .on("/slow", (request, response) -> {
                    entered.countDown();
                    Waiting.on(proceed);
                    request.getSession().setAttribute("cart", "pears");
                    response.getWriter().print(request.getRemoteUser());
                })
                .start();
    }

    private void stopOne() {
        oneRuns = false;
        one.close();
    }

    @AfterEach
    void stop() {
        if (oneRuns) {
            stopOne();
        }
        two.close();
    }

    private Browser.Answer logIn(App node, String user) {
        return browser.post(node.url("/j_security_check"), "j_username=" + user + "&j_password=" + user);
    }

    private void logInAt(App node, String user) {
        assertThat(browser.get(node.url("/member/who")).body()).isEqualTo("please log in");
        assertThat(logIn(node, user).status()).isEqualTo(303);
        assertThat(browser.get(node.url("/member/who")).body()).startsWith(user + " true");
    }

    private static String who(Browser browser, App node) {
        return browser.get(node.url("/member/who")).body();
    }

    @Test
    void theUserIsKnownOnTheOtherNodeAlsoWhenTheFirstHasStopped() {
        logInAt(one, "root");
        assertThat(who(browser, two)).isEqualTo("root true true FORM");
        stopOne();
        assertThat(who(browser, two)).isEqualTo("root true true FORM");
        assertThat(browser.get(two.url("/boss/office")).body()).isEqualTo("welcome");
        assertThat(browser.get(two.url("/who")).body()).isEqualTo("root true");
    }

    @Test
    void eachStepOfTheLoginMayGoToAnotherNode() {
        assertThat(browser.get(one.url("/member/who?a=b")).body()).isEqualTo("please log in");
        Browser.Answer login = logIn(two, "alice");
        assertThat(login.status()).isEqualTo(303);
        assertThat(login.header("location")).isEqualTo("/member/who?a=b");
        assertThat(browser.get(one.url("/member/who?a=b")).body()).isEqualTo("alice true false FORM");
        assertThat(browser.get(one.url("/boss/office")).status()).isEqualTo(403);
    }

    @Test
    void aPostedFormContinuesOnTheOtherNode() {
        HttpRequest.Builder order = HttpRequest.newBuilder(URI.create(one.url("/member/order?table=7")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Origin", "menu")
                .POST(HttpRequest.BodyPublishers.ofString("dish=soup&dish=b%C3%A9arnaise"));
        assertThat(browser.send(order).body()).isEqualTo("please log in");
        assertThat(logIn(one, "alice").header("location")).isEqualTo("/member/order?table=7");
        assertThat(browser.get(two.url("/member/order?table=7")).body())
                .isEqualTo("POST dish=soup,b\u00e9arnaise table=7 menu 1");
        assertThat(browser.get(two.url("/member/order?table=7")).body()).startsWith("GET table=7 null");
    }

    @Test
    void aBodyLargerThanTomcatSavesIsRefused() {
        assertThat(browser.post(one.url("/member/order"), "dish=" + "x".repeat(10_000))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void theIdChangesAtTheLoginAndTheFormerTokensOpenNothing() {
        browser.get(one.url("/make"));
        String before = browser.token();
        browser.get(one.url("/member/who"));
        String atTheLoginPage = browser.token();
        logIn(one, "alice");
        assertThat(browser.token()).isNotIn(before, atTheLoginPage);
        assertThat(before).isNotEqualTo(atTheLoginPage);
        for (String token : new String[] {before, atTheLoginPage}) {
            assertThat(who(new Browser().withCookie("sid", token), two)).isEqualTo("please log in");
        }
        assertThat(browser.get(two.url("/cart")).body()).isEqualTo("apples");
        assertThat(who(browser, two)).startsWith("alice");
    }

    /** A client that was not sent the login page cannot be lured into an attacker's session. */
    @Test
    void aLoginInASessionWithoutLoginPageIsRefused() {
        browser.get(one.url("/make"));
        assertThat(logIn(two, "alice").status()).isEqualTo(408);
        assertThat(who(browser, two)).isEqualTo("please log in");
        assertThat(new Browser()
                        .post(one.url("/j_security_check"), "j_username=bob&j_password=bob")
                        .status())
                .isEqualTo(408);
    }

    @Test
    void aWrongPasswordGivesTheErrorPage() {
        browser.get(one.url("/member/who"));
        assertThat(browser.post(one.url("/j_security_check"), "j_username=alice&j_password=no")
                        .body())
                .isEqualTo("wrong password");
        assertThat(who(browser, two)).isEqualTo("please log in");
        logInAt(two, "alice");
    }

    @Test
    void theEndOfASessionEndsTheLoginOnEveryNode() {
        logInAt(one, "alice");
        String token = browser.token();
        browser.get(two.url("/invalidate"));
        assertThat(browser.cookie("sid")).isNull();
        assertThat(who(new Browser().withCookie("sid", token), one)).isEqualTo("please log in");
    }

    @Test
    void aLogoutEndsTheLoginOnEveryNodeAndKeepsTheSession() {
        browser.get(one.url("/make"));
        logInAt(one, "alice");
        browser.get(two.url("/logout"));
        assertThat(browser.get(one.url("/who")).body()).isEqualTo("null true");
        assertThat(browser.get(one.url("/cart")).body()).isEqualTo("apples");
        assertThat(who(browser, one)).isEqualTo("please log in");
    }

    @Test
    void anAdministratorEndsTheLoginBeforeTheNextRequest() {
        logInAt(one, "alice");
        assertThat(one.gatehouse().sessionManager().getUserSessions("alice")).hasSize(1);
        two.gatehouse().sessionManager().terminateUserSessions("alice", null);
        Browser.Answer next = browser.get(one.url("/who"));
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body()).isEqualTo("null false");
        assertThat(who(browser, two)).isEqualTo("please log in");
    }

    @Test
    void aParallelRequestDuringTheLoginNeitherLosesNorUndoesIt() throws Exception {
        browser.get(one.url("/make"));
        browser.get(one.url("/member/who"));
        String before = browser.token();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<String> slow = executor.submit(() -> new Browser()
                    .withCookie("sid", before)
                    .get(two.url("/slow"))
                    .body());
            Waiting.on(entered);
            logIn(one, "alice");
            proceed.countDown();
            assertThat(Objects.requireNonNull(slow.get())).isEqualTo("null");
        } finally {
            proceed.countDown();
            executor.shutdownNow();
        }
        assertThat(who(browser, one)).startsWith("alice");
        assertThat(browser.get(two.url("/cart")).body()).isEqualTo("apples");
    }

    /** The client may go on at another node while the rest of the login page is on its way. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/large-page"})
    void theSessionIsStoredBeforeTheFirstByteOfTheLoginPage(String excluded) throws Exception {
        App large = ServerUsers.form(REDIS.url())
                .set("GATEHOUSE_FILTER_EXCLUDE", excluded)
                .customize(context -> context.getLoginConfig().setLoginPage("/large-page"))
                .on("/large-page", (request, response) -> {
                    response.getWriter().print("x".repeat(100_000));
                    Waiting.on(proceed);
                })
                .start();
        try {
            HttpResponse<InputStream> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(large.url("/member/who")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            String cookie = page.headers().firstValue("Set-Cookie").orElseThrow();
            browser.withCookie("sid", cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')));
            assertThat(logIn(two, "alice").status()).isEqualTo(303);
            assertThat(who(browser, two)).startsWith("alice");
            proceed.countDown();
            page.body().close();
        } finally {
            proceed.countDown();
            large.close();
        }
    }

    /** The encoding is an attribute of Tomcat's valve for FORM. */
    @Test
    void theConfiguredEncodingOfTheFormIsUsed() {
        try (App encoded = ServerUsers.form(REDIS.url())
                .on(
                        "/member/user",
                        (request, response) -> response.getWriter()
                                .print(String.format(
                                        "U+%04X", (int) request.getRemoteUser().charAt(0))))
                .customize(context -> ((FormAuthenticator) context.getAuthenticator()).setCharacterEncoding("UTF-8"))
                .start()) {
            browser.get(encoded.url("/member/who"));
            logIn(encoded, "%C3%A4lice");
            assertThat(browser.get(encoded.url("/member/user")).body()).isEqualTo("U+00E4");
        }
    }

    @Test
    void onlyTheCookieOfGatehouseIsSent() {
        assertThat(browser.get(one.url("/member/who")).setCookies())
                .singleElement()
                .asString()
                .startsWith("sid=");
        Browser.Answer login = logIn(one, "alice");
        assertThat(login.setCookies()).singleElement().asString().startsWith("sid=");
        assertThat(login.header("location")).isEqualTo("/member/who");
    }
}
