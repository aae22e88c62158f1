package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Set;
import java.util.Vector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values and listeners of the application that lock, hang or throw do not block other requests. */
@RedisTest
class ForeignCodeTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static volatile boolean broken;

    @BeforeEach
    void empty() {
        Overlap.reset();
        broken = false;
    }

    private static void print(HttpServletResponse response, Object text) throws IOException {
        response.getWriter().print(text);
    }

    private static HttpSession session(HttpServletRequest request) {
        return request.getSession();
    }

    @SuppressWarnings("JdkObsolete") // applications do store such values in sessions
    @ParameterizedTest
    @ValueSource(strings = {"vector", "table", "map", "buffer", "own", "listener"})
    void aValueThatARequestLocksDoesNotDeadlock(String kind) {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> {
                    Object value = switch (kind) {
                        case "vector" -> new Vector<>();
                        case "table" -> new Hashtable<>();
                        case "map" -> Collections.synchronizedMap(new HashMap<>());
                        case "buffer" -> new StringBuffer();
                        case "own" -> new Locking();
                        default -> new LockingListener();
                    };
                    session(request).setAttribute("value", value);
                })
                .on("/show", (request, response) -> Overlap.describe(session(request)))
                .on("/hold", (request, response) -> {
                    HttpSession session = session(request);
                    Object value = session.getAttribute("value");
                    synchronized (value instanceof Locking ? LOCK : value) {
                        session.setAttribute("value", value);
                        session.getId();
                        response.flushBuffer();
                    }
                })
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Overlap.together(4, client -> {
                for (int i = 0; i < 100; i++) {
                    assertThat(Overlap.same(browser)
                                    .get(app.url(client % 2 == 0 ? "/show" : "/hold"))
                                    .status())
                            .isEqualTo(200);
                }
            });
        }
    }

    private static final Object LOCK = new Object();

    static class Locking implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            synchronized (LOCK) {
                out.defaultWriteObject();
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            synchronized (LOCK) {
                in.defaultReadObject();
            }
        }
    }

    /** The session keeps the text of such a value in its metadata. */
    static final class Named implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            synchronized (LOCK) {
                return "alice";
            }
        }
    }

    @Test
    void aUserWhoseNameNeedsALockDoesNotDeadlock() {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("io.gatehouse.user", new Named()))
                .on("/hold", (request, response) -> {
                    synchronized (LOCK) {
                        session(request).getLastAccessedTime();
                        session(request).setMaxInactiveInterval(1800);
                    }
                })
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Overlap.together(4, client -> {
                for (int i = 0; i < 100; i++) {
                    assertThat(Overlap.same(browser)
                                    .get(app.url(client % 2 == 0 ? "/make" : "/hold"))
                                    .status())
                            .isEqualTo(200);
                }
            });
        }
    }

    /** A value whose listeners acquire a lock that requests hold. */
    static final class LockingListener extends Locking
            implements HttpSessionActivationListener, HttpSessionBindingListener {
        private static final long serialVersionUID = 1L;

        private static void lock() {
            synchronized (LOCK) {
                LOCK.notifyAll();
            }
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            lock();
        }

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            lock();
        }

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            lock();
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            lock();
        }
    }

    static final class Fragile implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (broken) {
                throw new StackOverflowError("simulates a value that is too deep");
            }
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            if (broken) {
                throw new InvalidClassException("simulates a class changed by a deployment");
            }
            in.defaultReadObject();
        }
    }

    /** Returns whether a request fails: Tomcat responds 500, or closes the connection after an error of the JVM. */
    private static boolean fails(Browser browser, String url) {
        try {
            return browser.get(url).status() == 500;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private static void fail(String how) {
        switch (how) {
            case "exception" -> throw new IllegalStateException("simulates a failing listener");
            case "stack" -> throw new StackOverflowError("simulates a failing listener");
            default -> throw new OutOfMemoryError("simulates a failing listener");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "stack", "memory"})
    void releasesTheSessionAndThePlaceWhateverIsThrown(String how) {
        HttpSessionIdListener listener = (event, before) -> {
            if (broken) {
                fail(how);
            }
        };
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_ROTATION_INTERVAL", "1ms")
                .set(
                        "GATEHOUSE_RATE_LIMITS",
                        "show.match = /show\nshow.level = ip\nshow.limit = 1/hour\nshow.counts = failures")
                .on("/make", (request, response) -> session(request).setAttribute("value", new Fragile()))
                .on(
                        "/show",
                        (request, response) -> print(response, session(request).getAttribute("value") != null))
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(listener), Set.of()))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            broken = true;
            assertThat(fails(browser, app.url("/show"))).isTrue();
            Eventually.holds(
                    "the session is released",
                    Duration.ofSeconds(10),
                    () -> app.gatehouse().sessions().inUse() == 0);
            broken = false;
            assertThat(browser.get(app.url("/show")).body()).isEqualTo("true");
        }
    }

    @Test
    void anAttributeThatCannotBeReadIsNeitherListedNorReturned() {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> {
                    session(request).setAttribute("a", new Fragile());
                    session(request).setAttribute("b", "text");
                })
                .on("/all", (request, response) -> print(response, Overlap.describe(session(request))))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            broken = true;
            assertThat(browser.get(app.url("/all")).body()).isEqualTo("b=text");
            broken = false;
            assertThat(browser.get(app.url("/all")).body()).startsWith("a=").endsWith("b=text");
        }
    }
}
