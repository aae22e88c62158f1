package io.gatehouse.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that is in progress while another one authenticates its user at the container, or renews the authentication. */
@RedisTest
class AuthenticationOverlapTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private static App start() {
        return App.with(REDIS.url())
                .customize(ContainerAuthenticationTest::withUsers)
                .on("/make", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("cart", "empty");
                    if (request.getParameter("user") != null) {
                        session.setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
                    }
                })
                .on("/show", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    response.getWriter().print(session == null ? "none" : Overlap.describe(session));
                })
                .on("/authenticate", AuthenticationOverlapTest::authenticate)
                .on("/slow", AuthenticationOverlapTest::pause)
                .start();
    }

    private static void authenticate(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        switch (request.getParameter("by")) {
            case "login" -> request.login("alice", "alice");
            case "authenticate" -> assertThat(request.authenticate(response)).isTrue();
            default -> Authentication.of(request).renew(request);
        }
        request.getSession().setAttribute("secret", "of alice");
    }

    private static void pause(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        Overlap.pause();
        response.getWriter().print(Overlap.describe(session));
        switch (request.getParameter("do")) {
            case "write" -> session.setAttribute("planted", true);
            case "end" -> session.invalidate();
            case "replace" -> {
                session.invalidate();
                request.getSession().setAttribute("planted", true);
            }
            default -> {}
        }
    }

    @ParameterizedTest
    @CsvSource({"login, 1", "login, 2", "authenticate, 1", "authenticate, 2", "renew, 1", "renew, 2"})
    void aRequestFromBeforeAnAuthenticationCannotReadWriteOrEndTheSessionAfterIt(String by, int nodes) {
        String make = by.equals("renew") ? "/make?user=alice" : "/make";
        String before = by.equals("renew") ? "cart=empty io.gatehouse.user=alice" : "cart=empty";
        try (App app = start();
                App second = nodes == 1 ? null : start()) {
            App other = second == null ? app : second;
            for (String what : List.of("look", "write", "end", "replace")) {
                Overlap.reset();
                Browser planted = new Browser();
                planted.get(app.url(make));
                Browser attacker = Overlap.same(planted);
                CompletableFuture<Browser.Answer> slow =
                        Overlap.start(() -> attacker.get(other.url("/slow?do=" + what)));
                Overlap.awaitPause();
                Browser victim = Overlap.same(planted);
                assertThat(victim.send(authentication(app, by)).setCookies()).hasSize(1);
                Overlap.resume();
                Browser.Answer answer = slow.join();
                assertThat(answer.status()).as(what).isEqualTo(200);
                assertThat(answer.setCookies()).as(what).isEmpty();
                assertThat(answer.body()).as(what).isEqualTo(before);
                assertThat(victim.get(app.url("/show")).body())
                        .as(what)
                        .contains("cart=empty", "user=alice", "secret=of alice")
                        .doesNotContain("planted");
                assertThat(attacker.get(app.url("/show")).body()).as(what).isEqualTo("none");
            }
        }
    }

    private static HttpRequest.Builder authentication(App app, String by) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.url("/authenticate?by=" + by)));
        return by.equals("authenticate")
                ? request.header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("alice:alice".getBytes(US_ASCII)))
                : request;
    }
}
