package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.realm.GenericPrincipal;
import org.junit.jupiter.api.Test;

/** What applications see of a Tomcat that uses the sessions of Gatehouse, compared with the filter alone. */
@RedisTest
class ContainerModeTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    private static String logIn(Browser browser, App app) {
        browser.get(app.url("/member/who"));
        browser.post(app.url("/j_security_check"), "j_username=alice&j_password=alice");
        return browser.get(app.url("/member/who")).body();
    }

    /** Returns the number of round trips of each request. */
    private static List<Integer> roundTrips(String integration, String... requests) {
        List<Integer> counts = new ArrayList<>();
        try (CountingProxy proxy = new CountingProxy(REDIS.port());
                App app = ServerUsers.form(proxy.url())
                        .set("GATEHOUSE_SESSION_INTEGRATION", integration)
                        .start()) {
            for (int i = 0; i < 2; i++) { // first so that Redis knows all scripts
                Browser browser = new Browser();
                counts.clear();
                for (String request : requests) {
                    proxy.takeRoundTrips();
                    if (request.contains("?")) {
                        browser.post(
                                app.url(request.substring(0, request.indexOf('?'))),
                                request.substring(request.indexOf('?') + 1));
                    } else {
                        browser.get(app.url(request));
                    }
                    counts.add(proxy.takeRoundTrips());
                }
            }
        }
        return counts;
    }

    @Test
    void sessionsCostAsManyRoundTripsAsWithTheFilter() {
        String[] requests = {"/who", "/make", "/who", "/cart", "/make", "/invalidate", "/who"};
        assertThat(roundTrips("container", requests))
                .isEqualTo(roundTrips("filter", requests))
                .containsExactly(0, 1, 1, 1, 1, 2, 0);
    }

    @Test
    void aLoginByFormCostsOneRoundTripForEachReadAndWrite() {
        assertThat(roundTrips(
                        "container",
                        "/member/who",
                        "/j_security_check?j_username=alice&j_password=alice",
                        "/member/who",
                        "/member/who",
                        "/logout"))
                .containsExactly(1, 3, 2, 1, 2);
    }

    @Test
    void aSessionContinuesInTheOtherMode() {
        try (App filter = ServerUsers.form(REDIS.url())
                        .set("GATEHOUSE_SESSION_INTEGRATION", "filter")
                        .start();
                App container = ServerUsers.form(REDIS.url()).start()) {
            browser.get(filter.url("/make"));
            assertThat(browser.get(container.url("/cart")).body()).isEqualTo("apples");
            assertThat(logIn(browser, container)).startsWith("alice");
            assertThat(browser.get(filter.url("/cart")).body()).isEqualTo("apples");
            assertThat(browser.get(container.url("/member/who")).body()).startsWith("alice");
        }
    }

    /** The filter does not see what the container remembers, so a login that it has ended must not come back. */
    @Test
    void aLogoutInFilterModeEndsTheLoginInContainerMode() {
        try (App filter = ServerUsers.form(REDIS.url())
                        .set("GATEHOUSE_SESSION_INTEGRATION", "filter")
                        .start();
                App container = ServerUsers.form(REDIS.url()).start()) {
            assertThat(logIn(browser, container)).startsWith("alice");
            browser.get(filter.url("/logout"));
            assertThat(browser.get(container.url("/who")).body()).isEqualTo("null true");
        }
    }

    @Test
    void theUserOfAnotherRealmOrApplicationIsUnknown() {
        try (App one = ServerUsers.form(REDIS.url())
                        .set("GATEHOUSE_APPLICATION", "shop")
                        .start();
                App otherRealm = ServerUsers.form(REDIS.url())
                        .set("GATEHOUSE_APPLICATION", "shop")
                        .customize(context -> context.getLoginConfig().setRealmName("guests"))
                        .start();
                App otherPath = ServerUsers.form(REDIS.url())
                        .path("/second")
                        .set("GATEHOUSE_APPLICATION", "shop")
                        .start();
                App otherApplication = ServerUsers.form(REDIS.url())
                        .set("GATEHOUSE_APPLICATION", "library")
                        .start()) {
            assertThat(logIn(browser, one)).startsWith("alice");
            Browser copy = new Browser().withCookie("sid", browser.token());
            assertThat(copy.get(otherRealm.url("/who")).body()).isEqualTo("null true");
            assertThat(copy.get(otherPath.url("/who")).body()).isEqualTo("null true");
            assertThat(copy.get(otherApplication.url("/who")).body()).isEqualTo("null false");
            assertThat(copy.get(one.url("/who")).body()).isEqualTo("alice true");
        }
    }

    @Test
    void theApplicationNeitherSeesNorSetsWhatTheContainerRemembers() {
        try (App app = ServerUsers.form(REDIS.url())
                .on("/names", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter()
                            .print(Collections.list(session.getAttributeNames()) + " "
                                    + session.getAttribute("io.gatehouse.container.tomcat.user"));
                })
                .on("/forge", (request, response) -> {
                    try {
                        request.getSession().setAttribute("io.gatehouse.container.tomcat.user", "1");
                    } catch (IllegalArgumentException e) {
                        response.getWriter().print(e.getMessage());
                    }
                })
                .start()) {
            logIn(browser, app);
            assertThat(browser.get(app.url("/names")).body())
                    .isEqualTo("[io.gatehouse.principal, io.gatehouse.user] null");
            assertThat(browser.get(app.url("/forge")).body()).contains("reserved for the container");
        }
    }

    @Test
    void listenersAreCalledOnce() {
        List<String> events = new CopyOnWriteArrayList<>();
        class Listener implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
            @Override
            public void sessionCreated(HttpSessionEvent event) {
                events.add("created");
            }

            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                events.add("destroyed");
            }

            @Override
            public void attributeAdded(HttpSessionBindingEvent event) {
                events.add("added " + event.getName());
            }

            @Override
            public void sessionIdChanged(HttpSessionEvent event, String before) {
                events.add("id changed");
            }
        }
        try (App app = ServerUsers.form(REDIS.url())
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(new Listener()), Set.of()))
                .start()) {
            browser.get(app.url("/make"));
            assertThat(events).containsExactly("created", "added cart");
            events.clear();
            browser.get(app.url("/member/who")); // the login page
            assertThat(events).containsExactly("id changed");
            events.clear();
            browser.post(app.url("/j_security_check"), "j_username=alice&j_password=alice");
            assertThat(events).containsExactly("id changed");
            events.clear();
            browser.get(app.url("/member/who"));
            assertThat(events).isEmpty();
            browser.get(app.url("/invalidate"));
            assertThat(events).containsExactly("destroyed");
        }
    }

    @Test
    void requestListenersSeeTheSession() {
        List<String> seen = new CopyOnWriteArrayList<>();
        ServletRequestListener listener = new ServletRequestListener() {
            @Override
            public void requestInitialized(ServletRequestEvent event) {
                HttpSession session = ((HttpServletRequest) event.getServletRequest()).getSession(false);
                seen.add(session == null ? "none" : String.valueOf(session.getAttribute("cart")));
            }
        };
        try (App app = ServerUsers.form(REDIS.url())
                .customize(context -> ((StandardContext) context).addApplicationEventListener(listener))
                .start()) {
            browser.get(app.url("/make"));
            browser.get(app.url("/who"));
            assertThat(seen).containsExactly("none", "apples");
        }
    }

    @Test
    void excludedPathsHaveTheUserAsWell() {
        try (App app = ServerUsers.form(REDIS.url())
                .set("GATEHOUSE_FILTER_EXCLUDE", "/member/plain")
                .on(
                        "/member/plain",
                        (request, response) -> response.getWriter()
                                .print(request.getRemoteUser() + " "
                                        + request.getSession().getAttribute("cart")))
                .start()) {
            browser.get(app.url("/make"));
            assertThat(browser.get(app.url("/member/plain")).body()).isEqualTo("please log in");
            browser.post(app.url("/j_security_check"), "j_username=alice&j_password=alice");
            assertThat(browser.get(app.url("/member/plain")).body()).isEqualTo("alice apples");
        }
    }

    @Test
    void anAsynchronousRequestKeepsItsUser() {
        try (App app = ServerUsers.form(REDIS.url())
                .on("/member/async", (request, response) -> {
                    if (request.getDispatcherType() == jakarta.servlet.DispatcherType.REQUEST) {
                        request.startAsync().dispatch("/member/who");
                    }
                })
                .start()) {
            logIn(browser, app);
            assertThat(browser.get(app.url("/member/async")).body()).startsWith("alice true");
        }
    }

    /** Tomcat knows no servlet path for some of these. */
    @Test
    void aPathWithoutServletIsNotFoundOrGuarded() {
        REDIS.flush();
        try (App app = ServerUsers.form(REDIS.url())
                .set("GATEHOUSE_LOGIN_FREE_FAILURES", "1")
                .set("GATEHOUSE_LOGIN_FORMS", "/login user")
                .start()) {
            for (String path : new String[] {"/nothing", "/nothing/", "/a%20b/;c", "/j_security_check/"}) {
                assertThat(browser.get(app.url(path)).status()).as(path).isEqualTo(404);
            }
            String form = "j_username=alice&j_password=no";
            assertThat(browser.post(app.url("/nothing/j_security_check"), form).status())
                    .isEqualTo(200);
            assertThat(browser.post(app.url("/nothing/j_security_check"), form).status())
                    .isEqualTo(429);
        }
    }

    /** The roles of other principals are known to their realm only. */
    @Test
    void aPrincipalOfAnotherClassIsFoundAgainByItsRealm() {
        class Custom extends ServerUsers.Everybody {
            @Override
            public java.security.Principal authenticate(String user, String password) {
                return () -> user;
            }

            @Override
            public boolean hasRole(org.apache.catalina.Wrapper wrapper, java.security.Principal user, String role) {
                return user instanceof GenericPrincipal ? super.hasRole(wrapper, user, role) : role.equals("member");
            }
        }
        try (App one = ServerUsers.form(REDIS.url())
                .customize(context -> context.setRealm(new Custom()))
                .start()) {
            assertThat(one.context().getAuthenticator()).isInstanceOf(FormAuthenticator.class);
            assertThat(logIn(browser, one)).startsWith("alice true");
        }
    }
}
