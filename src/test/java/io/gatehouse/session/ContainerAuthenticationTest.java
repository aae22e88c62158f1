package io.gatehouse.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.Principal;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.apache.catalina.Context;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The session follows logins and logouts of the container. */
@RedisTest
class ContainerAuthenticationTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();
    private App app = start();

    @AfterEach
    void end() {
        app.close();
    }

    /** An identity store that accepts every user whose password equals the name. */
    private static final class Everybody extends RealmBase {
        @Override
        protected String getPassword(String user) {
            return user;
        }

        @Override
        protected Principal getPrincipal(String user) {
            return new GenericPrincipal(user, List.of("user"));
        }
    }

    private static App start() {
        return App.with(REDIS.url())
                .customize(ContainerAuthenticationTest::withUsers)
                .on("/make", (request, response) -> request.getSession())
                .on("/login", (request, response) -> {
                    String user = request.getParameter("user");
                    request.login(user, user);
                    response.getWriter().print(describe(request));
                })
                .on("/late-login", (request, response) -> {
                    response.flushBuffer();
                    try {
                        request.login("alice", "alice");
                    } catch (IllegalStateException e) {
                        response.getWriter().print("refused " + request.getRemoteUser());
                    }
                })
                .on("/logout", (request, response) -> {
                    request.login("alice", "alice");
                    request.logout();
                    response.getWriter().print(describe(request));
                })
                .on(
                        "/name",
                        (request, response) ->
                                request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user")))
                .on("/own", (request, response) -> own(request).getSession())
                .on("/who", (request, response) -> response.getWriter().print(request.getRemoteUser()))
                .on("/protected", (request, response) -> response.getWriter().print(request.getRemoteUser()))
                .on("/only-logout", (request, response) -> {
                    request.logout();
                    response.getWriter().print(describe(request));
                })
                .on("/farewell", (request, response) -> {
                    request.login("alice", "alice");
                    request.getSession().invalidate();
                    request.getSession().setAttribute("message", "see you soon");
                    response.getWriter().print(describe(request));
                })
                .on("/invalidate", (request, response) -> {
                    request.login("alice", "alice");
                    request.getSession().invalidate();
                    response.flushBuffer();
                    boolean ownSession = own(request).getSession(false) != null;
                    REQUESTS.set(request.getUserPrincipal() + " " + ownSession);
                })
                .start();
    }

    private static final java.util.concurrent.atomic.AtomicReference<String> REQUESTS =
            new java.util.concurrent.atomic.AtomicReference<>("");

    static void withUsers(Context context) {
        context.setRealm(new Everybody());
        context.setLoginConfig(new LoginConfig("BASIC", "test", null, null));
        context.getPipeline().addValve(new BasicAuthenticator());
        SecurityCollection pages = new SecurityCollection();
        pages.addPattern("/protected");
        SecurityConstraint members = new SecurityConstraint();
        members.addCollection(pages);
        members.addAuthRole("user");
        context.addConstraint(members);
        context.addSecurityRole("user");
    }

    static HttpServletRequest own(HttpServletRequest request) {
        HttpServletRequest inner = request;
        while (inner instanceof jakarta.servlet.ServletRequestWrapper wrapper) {
            inner = (HttpServletRequest) wrapper.getRequest();
        }
        return inner;
    }

    private static String describe(HttpServletRequest request) {
        HttpSession session = request.getSession();
        return request.getRemoteUser() + " " + session.getAttribute(Session.USER_ATTRIBUTE);
    }

    private int sessionsOf(String user) {
        return app.gatehouse().sessionManager().getUserSessions(user).size();
    }

    @Test
    void aContainerLoginChangesTheIdAndIndexesTheSession() {
        browser.get(app.url("/make"));
        String before = browser.token();
        assertThat(browser.get(app.url("/login?user=alice")).body()).isEqualTo("alice alice");
        assertThat(browser.token()).isNotEqualTo(before);
        assertThat(sessionsOf("alice")).isEqualTo(1);
    }

    @Test
    void aContainerLoginChangesTheIdOnlyForAnotherUser() {
        browser.get(app.url("/login?user=alice"));
        String alices = browser.token();
        browser.get(app.url("/login?user=alice"));
        assertThat(browser.token()).isEqualTo(alices);
        assertThat(browser.get(app.url("/login?user=bob")).body()).isEqualTo("bob bob");
        assertThat(browser.token()).isNotEqualTo(alices);
        assertThat(sessionsOf("alice")).isZero();
        assertThat(sessionsOf("bob")).isEqualTo(1);
    }

    @Test
    void aContainerLoginKeepsTheUserNameThatTheApplicationSet() {
        browser.get(app.url("/name?user=alice@example.com"));
        browser.get(app.url("/login?user=alice"));
        assertThat(sessionsOf("alice@example.com")).isEqualTo(1);
        assertThat(sessionsOf("alice")).isZero();
    }

    @Test
    void aContainerLogoutRemovesTheSessionFromTheUserIndex() {
        assertThat(browser.get(app.url("/logout")).body()).isEqualTo("null null");
        assertThat(sessionsOf("alice")).isZero();
        assertThat(browser.token()).isNotEmpty();
    }

    @Test
    void invalidationLogsTheUserOutOfTheContainer() {
        Browser.Answer own = browser.get(app.url("/own"));
        assertThat(own.setCookies()).anyMatch(cookie -> cookie.startsWith("JSESSIONID="));
        assertThat(browser.get(app.url("/invalidate")).status()).isEqualTo(200);
        assertThat(Objects.requireNonNull(REQUESTS.get())).isEqualTo("null false");
    }

    @Test
    void aSessionCreatedAfterInvalidationHasNoUser() {
        browser.get(app.url("/login?user=alice"));
        assertThat(browser.get(app.url("/farewell")).body()).isEqualTo("null null");
        assertThat(sessionsOf("alice")).isZero();
        assertThat(browser.token()).isNotEmpty();
    }

    @Test
    void aContainerLogoutInALaterRequestRemovesTheSessionFromTheUserIndex() {
        browser.get(app.url("/login?user=alice")); // only the Gatehouse session remembers this login
        assertThat(browser.get(app.url("/only-logout")).body()).isEqualTo("null null");
        assertThat(sessionsOf("alice")).isZero();
    }

    private void rememberAlice() {
        browser.get(app.url("/own"));
        browser.get(app.url("/login?user=alice"));
        assertThat(browser.get(app.url("/who")).body()).isEqualTo("alice");
    }

    @Test
    void aTerminationLogsTheUserOutOfTheContainerBeforeTheNextRequest() {
        rememberAlice();
        app.gatehouse().sessionManager().terminateUserSessions("alice", null);

        Browser.Answer answer = browser.get(app.url("/who?a=b"));
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("location")).isEqualTo("/who?a=b"); // without a host
        assertThat(browser.cookie("sid")).isNull();
        assertThat(browser.get(app.url("/who")).body()).isEqualTo("null");
        assertThat(sessionsOf("alice")).isZero();

        rememberAlice(); // any number of times
        assertThat(sessionsOf("alice")).isEqualTo(1);
    }

    @Test
    void aRequestThatCannotBeRepeatedIsRejected() {
        rememberAlice();
        app.gatehouse().sessionManager().terminateUserSessions("alice", null);

        assertThat(browser.post(app.url("/login"), "user=bob").status()).isEqualTo(401);
        assertThat(browser.get(app.url("/who")).body()).isEqualTo("null");
        assertThat(sessionsOf("bob")).isZero();
    }

    @Test
    void aRequestConcurrentToALoginIsNotRejected() {
        browser.get(app.url("/make"));
        String before = browser.token();
        rememberAlice();
        String after = browser.token();
        assertThat(browser.withCookie("sid", before).get(app.url("/who")).body())
                .isEqualTo("alice");
        assertThat(browser.withCookie("sid", after).get(app.url("/who")).body()).isEqualTo("alice");
        assertThat(sessionsOf("alice")).isEqualTo(1);
    }

    @Test
    void aUserWhoAuthenticatesWithEachRequestIsNotRejected() {
        browser.get(app.url("/login?user=alice"));
        app.gatehouse().sessionManager().terminateUserSessions("alice", null);

        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.url("/protected")))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("alice:alice".getBytes(US_ASCII)));
        assertThat(browser.send(request).body()).isEqualTo("alice");
    }

    /** The client could not receive the new token. */
    @Test
    void aLoginAfterTheResponseIsCommittedIsRejected() {
        browser.get(app.url("/make"));
        String token = browser.token();
        assertThat(browser.get(app.url("/late-login")).body()).isEqualTo("refused null");
        assertThat(browser.token()).isEqualTo(token);
        assertThat(browser.get(app.url("/login?user=alice")).setCookies()).hasSize(1);
    }
}
