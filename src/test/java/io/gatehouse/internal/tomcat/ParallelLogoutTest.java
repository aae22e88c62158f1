package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logouts while another request of the same session is under way. */
@RedisTest
class ParallelLogoutTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch proceed = new CountDownLatch(1);
    private final App one = start();
    private final App two = start();
    private final Browser browser = new Browser();

    private App start() {
        return ServerUsers.form(REDIS.url())
                .on("/member/slow", (request, response) -> {
                    entered.countDown();
                    Waiting.on(proceed);
                    request.getSession().setAttribute("cart", "pears");
                    response.flushBuffer();
                    response.getWriter().print(request.getSession().getAttribute("io.gatehouse.user"));
                })
                .on(
                        "/owner",
                        (request, response) -> response.getWriter()
                                .print(request.getSession().getAttribute("io.gatehouse.user")
                                        + " " + request.getSession().getAttribute("io.gatehouse.principal") + " "
                                        + request.getRemoteUser()))
                .start();
    }

    @AfterEach
    void stop() {
        proceed.countDown();
        one.close();
        two.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatBeganBeforeTheLogoutDoesNotUndoIt(boolean onTheSameNode) {
        browser.get(one.url("/make"));
        browser.get(one.url("/member/who"));
        browser.post(one.url("/j_security_check"), "j_username=alice&j_password=alice");
        String token = browser.token();
        App node = onTheSameNode ? one : two;
        CompletableFuture<Browser.Answer> slow = CompletableFuture.supplyAsync(
                () -> new Browser().withCookie("sid", token).get(node.url("/member/slow")),
                task -> new Thread(task).start());
        Waiting.on(entered);
        browser.get(one.url("/logout"));
        proceed.countDown();
        Browser.Answer answer = slow.join();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("null");
        assertThat(answer.setCookies()).allMatch(cookie -> cookie.startsWith("sid=" + browser.token() + ";"));
        assertThat(browser.get(two.url("/owner")).body()).isEqualTo("null null null");
        assertThat(browser.get(two.url("/cart")).body()).isEqualTo("pears");
        assertThat(browser.get(one.url("/member/who")).body()).isEqualTo("please log in");
    }
}
