package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.Gatehouse;
import io.gatehouse.session.SessionManager;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.Test;

/** Tests objects that look for the application at each call; {@code SharedLibraryIT} tests them in an EAR. */
@RedisTest
class PerApplicationTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final SessionManager sessions = PerApplication.part(SessionManager.class, Gatehouse::sessionManager);

    private App.Builder application(String path) {
        return App.with(REDIS.url())
                .path(path)
                .on(
                        "/sign-in",
                        (request, response) ->
                                request.getSession().setAttribute("io.gatehouse.user", request.getParameter("user")))
                .on(
                        "/sessions",
                        (request, response) -> response.getWriter()
                                .print(sessions.getUserSessions(request.getParameter("user"))
                                        .size()));
    }

    @Test
    void actsOnTheApplicationWhoseRequestCallsIt() {
        try (App app = application("/one").beside(application("/two")).start()) {
            Browser browser = new Browser();
            browser.get(app.serverUrl("/one/sign-in?user=of-one"));
            assertThat(browser.get(app.serverUrl("/one/sessions?user=of-one")).body())
                    .isEqualTo("1");
            assertThat(browser.get(app.serverUrl("/two/sessions?user=of-one")).body())
                    .isEqualTo("0");
            assertThatThrownBy(sessions::countSessions)
                    .as("of two applications none is preferred")
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("on behalf of no application of Gatehouse")
                    .hasMessageContaining("of one of one, two");
        }
    }

    @Test
    void throwsWhatTheCalledMethodThrows() {
        try (App app = application("/one").start()) {
            assertThat(app.gatehouse()).isNotNull();
            assertThatThrownBy(() -> sessions.list("", 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void isAnObjectOfItsOwnWithoutAnApplication() {
        assertThat(sessions)
                .hasToString("SessionManager of the calling application")
                .isEqualTo(sessions);
        assertThat(sessions).isNotEqualTo(PerApplication.part(SessionManager.class, Gatehouse::sessionManager));
        assertThat(sessions.hashCode()).isEqualTo(sessions.hashCode());
        assertThatThrownBy(sessions::countSessions).isInstanceOf(IllegalStateException.class);
    }
}
