package io.gatehouse.internal.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The listeners of applications whose Jetty uses the sessions of Gatehouse. */
@RedisTest
@ParameterizedClass
@EnumSource
class JettyListenersTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final JettyContext.Version version;
    private final Browser browser = new Browser();

    JettyListenersTest(JettyContext.Version version) {
        this.version = version;
    }

    private JettyApp.Builder form() {
        return JettyUsers.form(version, REDIS.url());
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
        try (JettyApp app = form().customize(context ->
                        context.initializer((classes, application) -> application.addListener(new Listener())))
                .start()) {
            browser.get(app.url("/make"));
            assertThat(events).containsExactly("created", "added cart");
            events.clear();
            browser.get(app.url("/member/who")); // the login page
            assertThat(events).isEmpty();
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
    void requestListenersSeeTheSessionAndItsChangesAreSaved() {
        List<String> seen = new CopyOnWriteArrayList<>();
        ServletRequestListener listener = new ServletRequestListener() {
            @Override
            public void requestInitialized(ServletRequestEvent event) {
                HttpSession session = ((HttpServletRequest) event.getServletRequest()).getSession(false);
                seen.add(session == null ? "none" : session.getAttribute("cart") + "," + session.getAttribute("end"));
            }

            @Override
            public void requestDestroyed(ServletRequestEvent event) {
                HttpSession session = ((HttpServletRequest) event.getServletRequest()).getSession(false);
                if (session != null) {
                    session.setAttribute("end", "pears");
                }
            }
        };
        try (JettyApp app = form().customize(
                        context -> context.initializer((classes, application) -> application.addListener(listener)))
                .on("/flush", (request, response) -> {
                    response.getWriter().print("sent");
                    response.flushBuffer();
                    request.getSession().setAttribute("cart", "plums");
                })
                .start()) {
            browser.get(app.url("/make"));
            browser.get(app.url("/flush"));
            browser.get(app.url("/who"));
            assertThat(seen).containsExactly("none", "apples,pears", "plums,pears");
        }
    }
}
