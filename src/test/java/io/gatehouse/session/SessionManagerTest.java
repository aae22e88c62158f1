package io.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.Gatehouse;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The session manager as an application calls it, by the names that users of other frameworks know. */
@RedisTest
class SessionManagerTest {
    private static App one;
    private static App two;

    @BeforeAll
    static void start(TestRedis redis) {
        one = app(redis);
        two = app(redis);
    }

    private static App app(TestRedis redis) {
        return App.with(redis.url())
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute("io.gatehouse.user", request.getParameter("user"));
                    request.getSession().setMaxInactiveInterval(Integer.parseInt(request.getParameter("idle")));
                    response.getWriter().print(request.getSession().getId());
                })
                .on("/only-this-one", (request, response) -> {
                    String id = request.getSession().getId();
                    boolean byId = request.getParameter("by").equals("id");
                    String current = byId ? id : id.substring(0, id.lastIndexOf('.'));
                    response.getWriter()
                            .print(manager(request)
                                    .terminateUserSessions("user123", current)
                                    .ended());
                })
                .on("/who", (request, response) -> response.getWriter().print(request.getSession(false) != null))
                .start();
    }

    private static SessionManager manager(HttpServletRequest request) {
        return Gatehouse.of(request.getServletContext()).orElseThrow().sessionManager();
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    private final SessionManager sessionManager;

    SessionManagerTest() {
        sessionManager = one.gatehouse().sessionManager();
    }

    private static Browser login(App node, String user, int idleSeconds) {
        Browser browser = new Browser();
        browser.get(node.url("/login?user=" + user + "&idle=" + idleSeconds));
        return browser;
    }

    private static boolean isLoggedIn(Browser browser) {
        return Boolean.parseBoolean(browser.get(one.url("/who")).body());
    }

    @Test
    void listsTheSessionsOfAUserOnEveryNode() {
        login(one, "user123", 600);
        login(two, "user123", 600);
        login(two, "user456", 600);
        List<SessionInfo> sessions = sessionManager.getUserSessions("user123");
        assertThat(sessions).hasSize(2).allMatch(session -> session.user().equals("user123"));
        assertThat(sessionManager.getUserSessions("user789")).isEmpty();
    }

    @Test
    void terminatesTheSessionsOfAUserExceptTheCurrentOneByItsHandle() {
        terminatesAllOthers("handle");
    }

    @Test
    void terminatesTheSessionsOfAUserExceptTheCurrentOneByItsId() {
        terminatesAllOthers("id");
    }

    private static void terminatesAllOthers(String by) {
        Browser current = login(one, "user123", 600);
        Browser phone = login(two, "user123", 600);
        Browser other = login(two, "user456", 600);
        assertThat(current.get(two.url("/only-this-one?by=" + by)).body()).isEqualTo("1");
        assertThat(isLoggedIn(current)).isTrue();
        assertThat(isLoggedIn(phone)).isFalse();
        assertThat(isLoggedIn(other)).isTrue();
    }

    @Test
    void terminatesEverySessionOfAUserWithoutACurrentOne() {
        Browser laptop = login(one, "user123", 600);
        Browser phone = login(two, "user123", 600);
        assertThat(sessionManager.terminateUserSessions("user123", null).ended())
                .isEqualTo(2);
        assertThat(isLoggedIn(laptop)).isFalse();
        assertThat(isLoggedIn(phone)).isFalse();
    }

    @Test
    void everyMethodThatTakesAHandleAlsoTakesTheIdOfAnHttpSession() {
        Browser browser = new Browser();
        String id = browser.get(one.url("/login?user=user123&idle=600")).body();
        assertThat(id).contains(".");
        SessionDetails details = sessionManager.getSession(id);
        assertThat(details).isNotNull();
        assertThat(details.info().handle()).isEqualTo(id.substring(0, id.lastIndexOf('.')));
        assertThat(sessionManager.touch(id)).isTrue();
        assertThat(sessionManager.terminate(id).ended()).isEqualTo(1);
        assertThat(sessionManager.getSession(id)).isNull();
        assertThat(isLoggedIn(browser)).isFalse();
    }

    @Test
    void cleansUpExpiredSessionsAndNoOthers() {
        login(one, "user123", 1);
        Browser live = login(one, "user123", 600);
        Eventually.within(
                Duration.ofSeconds(20),
                () -> assertThat(sessionManager.cleanupExpiredSessions()).isEqualTo(1));
        assertThat(sessionManager.cleanupExpiredSessions()).isZero();
        assertThat(isLoggedIn(live)).isTrue();
        assertThat(sessionManager.countSessions()).isEqualTo(1);
    }
}
