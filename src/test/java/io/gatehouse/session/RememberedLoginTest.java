package io.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import org.apache.catalina.Context;
import org.apache.catalina.session.StandardSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login that only the container remembers never counts as more recent than it can be. */
@RedisTest
class RememberedLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private @Nullable Context context;
    private final Browser browser = new Browser();
    private final App app = App.with(REDIS.url())
            .customize(created -> {
                context = created;
                ContainerAuthenticationTest.withUsers(created);
            })
            .on("/make", (request, response) -> request.getSession())
            .on(
                    "/own",
                    (request, response) ->
                            ContainerAuthenticationTest.own(request).getSession())
            .on("/login", (request, response) -> request.login("alice", "alice"))
            .on("/who", (request, response) -> response.getWriter().print(request.getRemoteUser()))
            .on("/recent", (request, response) -> {
                request.getSession();
                try {
                    Authentication.of(request).requireRecentAuth(Duration.ofHours(1));
                    response.getWriter().print("recent");
                } catch (RecentAuthRequiredException e) {
                    response.getWriter().print("not recent");
                }
            })
            .start();

    @AfterEach
    void end() {
        app.close();
    }

    private void rememberAlice() {
        browser.get(app.url("/own"));
        browser.get(app.url("/login"));
        assertThat(browser.get(app.url("/who")).body()).isEqualTo("alice");
    }

    /** The client may be a thief of the container's cookie, with or without a session of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLoginThatTheContainerRemembersIsAsOldAsItsSession(boolean ownSession) {
        rememberAlice();
        assertThat(browser.get(app.url("/recent")).body()).isEqualTo("recent");
        String id = Objects.requireNonNull(browser.cookie("JSESSIONID"));
        Browser young = client(ownSession, "JSESSIONID", id);
        assertThat(young.get(app.url("/recent")).body()).isEqualTo("recent");

        StandardSession container = (StandardSession) findSession(id);
        container.setMaxInactiveInterval(-1);
        container.setCreationTime(
                System.currentTimeMillis() - Duration.ofMinutes(61).toMillis());
        Browser old = client(ownSession, "JSESSIONID", id);
        assertThat(old.get(app.url("/who")).body()).isEqualTo("alice");
        assertThat(old.get(app.url("/recent")).body()).isEqualTo("not recent");
    }

    @Test
    void aLoginBySingleSignOnHasNoRecentLogin() {
        rememberAlice();
        Browser other = client(true, "JSESSIONID", Objects.requireNonNull(browser.cookie("JSESSIONID")))
                .withCookie("JSESSIONIDSSO", "1");
        assertThat(other.get(app.url("/who")).body()).isEqualTo("alice");
        assertThat(other.get(app.url("/recent")).body()).isEqualTo("not recent");
    }

    private Browser client(boolean ownSession, String cookie, String value) {
        Browser client = new Browser();
        if (ownSession) {
            assertThat(client.get(app.url("/make")).setCookies()).hasSize(1);
        }
        return client.withCookie(cookie, value);
    }

    private org.apache.catalina.Session findSession(String id) {
        try {
            return Objects.requireNonNull(
                    Objects.requireNonNull(context).getManager().findSession(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
