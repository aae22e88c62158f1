package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes that are too large, too deep or not serializable for a session. */
@RedisTest
class AttributeLimitTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    static final class Node implements Serializable {
        private static final long serialVersionUID = 1L;

        @Nullable
        Node next;

        static Node chain(int length) {
            Node first = new Node();
            first.extend(length - 1);
            return first;
        }

        void extend(int by) {
            Node last = this;
            while (last.next != null) {
                last = last.next;
            }
            for (int i = 0; i < by; i++) {
                last.next = new Node();
                last = last.next;
            }
        }

        int length() {
            int length = 0;
            for (Node node = this; node != null; node = node.next) {
                length++;
            }
            return length;
        }
    }

    /** A class that is neither serializable nor a bean. */
    static final class Connection {
        @Override
        public String toString() {
            return "connected";
        }
    }

    private static App.Builder app() {
        return App.with(REDIS.url())
                .on("/chain", (request, response) -> {
                    try {
                        request.getSession().setAttribute("chain", Node.chain(number(request)));
                        response.getWriter().print("taken");
                    } catch (IllegalArgumentException e) {
                        response.getWriter().print(e.getMessage());
                    }
                })
                .on("/extend", (request, response) -> {
                    ((Node) request.getSession().getAttribute("chain")).extend(number(request));
                })
                .on(
                        "/length",
                        (request, response) -> response.getWriter()
                                .print(((Node) request.getSession().getAttribute("chain")).length()))
                .on("/bytes", (request, response) -> {
                    try {
                        request.getSession().setAttribute(request.getParameter("name"), new byte[number(request)]);
                        response.getWriter().print("taken");
                    } catch (IllegalArgumentException e) {
                        response.getWriter().print(e.getMessage());
                    }
                })
                .on("/list", (request, response) -> request.getSession().setAttribute("list", new ArrayList<>()))
                .on("/grow", (request, response) -> {
                    @SuppressWarnings("unchecked")
                    List<byte[]> list = (List<byte[]>) request.getSession().getAttribute("list");
                    list.add(new byte[number(request)]);
                    request.getSession().setAttribute("other", number(request));
                })
                .on(
                        "/sizes",
                        (request, response) -> response.getWriter()
                                .print(((List<?>) request.getSession().getAttribute("list")).size() + " "
                                        + request.getSession().getAttribute("other")))
                .on("/connect", (request, response) -> {
                    try {
                        request.getSession().setAttribute("connection", new Connection());
                        response.getWriter().print("taken");
                    } catch (IllegalArgumentException e) {
                        response.getWriter().print(e.getMessage());
                    }
                })
                .on(
                        "/connection",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("connection")))
                .on("/logout", (request, response) -> request.getSession().invalidate());
    }

    private static int number(HttpServletRequest request) {
        return Integer.parseInt(request.getParameter("n"));
    }

    private static long count(App app, SessionEvent event) {
        return app.gatehouse().sessions().counters().of(event);
    }

    @Test
    void storesADeepGraphAndRejectsADeeperOne() {
        try (App app = app().start()) {
            Browser browser = new Browser();
            for (int length : List.of(600, 9_999)) {
                assertThat(browser.get(app.url("/chain?n=" + length)).body()).isEqualTo("taken");
                assertThat(browser.get(app.url("/length")).body()).isEqualTo("" + length);
            }
            assertThat(browser.get(app.url("/chain?n=12000")).body())
                    .startsWith("session attribute 'chain' cannot be stored: " + Node.class.getName() + ".next")
                    .endsWith("is nested deeper than 10000 levels");
            assertThat(browser.get(app.url("/length")).body()).isEqualTo("9999");
        }
    }

    @Test
    void aValueThatOutgrowsALimitKeepsItsLastStoredState() {
        try (App app = app().set("GATEHOUSE_SESSION_VALUE_MAX_DEPTH", "100").start();
                LogCapture log = new LogCapture("io.gatehouse")) {
            Browser browser = new Browser();
            browser.get(app.url("/chain?n=90"));
            assertThat(browser.get(app.url("/extend?n=5000")).status()).isEqualTo(200);
            assertThat(browser.get(app.url("/length")).body()).isEqualTo("90");
            assertThat(count(app, SessionEvent.ATTRIBUTE_TOO_LARGE)).isEqualTo(1);
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARNING session attribute chain has grown beyond a limit: ")
                            && line.contains(".next (" + Node.class.getName()
                                    + ") is nested deeper than 100 levels; its previous value is kept"));
        }
    }

    @Test
    void rejectsAnAttributeThatExceedsTheSessionLimit() {
        try (App app = app().set("GATEHOUSE_SESSION_MAX_BYTES", "200000").start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/bytes?name=a&n=150000")).body()).isEqualTo("taken");
            assertThat(browser.get(app.url("/bytes?name=b&n=60000")).body())
                    .startsWith("session attribute 'b' does not fit: with its 60005 bytes the session would take 210")
                    .endsWith(", the limit is 200000 (GATEHOUSE_SESSION_MAX_BYTES)");
            assertThat(browser.get(app.url("/bytes?name=a&n=60000")).body()).isEqualTo("taken");
            assertThat(browser.get(app.url("/bytes?name=b&n=60000")).body()).isEqualTo("taken");
        }
    }

    @Test
    void aValueThatOutgrowsTheSessionKeepsItsLastStoredStateAndOtherAttributesAreSaved() {
        try (App app = app().set("GATEHOUSE_SESSION_MAX_BYTES", "200000").start();
                LogCapture log = new LogCapture("io.gatehouse")) {
            Browser browser = new Browser();
            browser.get(app.url("/list"));
            browser.get(app.url("/grow?n=100000"));
            assertThat(browser.get(app.url("/sizes")).body()).isEqualTo("1 100000");
            browser.get(app.url("/grow?n=110000"));
            assertThat(browser.get(app.url("/sizes")).body()).isEqualTo("1 110000");
            assertThat(count(app, SessionEvent.ATTRIBUTE_TOO_LARGE)).isEqualTo(1);
            assertThat(log.lines())
                    .anyMatch(line ->
                            line.contains("session attribute list has grown beyond a limit: the session would take"
                                    + " more than 200000 bytes"));
        }
    }

    @Test
    void aNonSerializableAttributeStaysOnItsNodeInANonDistributableApplication() {
        try (App app = app().start();
                LogCapture log = new LogCapture("io.gatehouse")) {
            Browser browser = new Browser();
            Browser other = new Browser();
            for (Browser each : List.of(browser, other, browser)) {
                assertThat(each.get(app.url("/connect")).body()).isEqualTo("taken");
                assertThat(each.get(app.url("/connection")).body()).isEqualTo("connected");
            }
            assertThat(count(app, SessionEvent.ATTRIBUTE_LOCAL)).isEqualTo(3);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("kept on this node only"))
                    .singleElement()
                    .asString()
                    .startsWith("WARNING session attribute 'connection' cannot be stored: " + Connection.class.getName()
                            + " is not serializable");
            browser.get(app.url("/logout"));
            assertThat(browser.get(app.url("/connection")).body()).isEqualTo("null");
            assertThat(other.get(app.url("/connection")).body()).isEqualTo("connected");
        }
    }

    @Test
    void rejectsANonSerializableAttributeInADistributableApplication() throws IOException {
        Files.createDirectories(folder.resolve("WEB-INF"));
        Files.writeString(folder.resolve("WEB-INF/web.xml"), "<web-app><distributable/></web-app>");
        try (App app = app().customize(context -> context.setDocBase(folder.toString()))
                .start()) {
            assertThat(new Browser().get(app.url("/connect")).body())
                    .isEqualTo("session attribute 'connection' cannot be stored: " + Connection.class.getName()
                            + " is not serializable");
            assertThat(count(app, SessionEvent.ATTRIBUTE_LOCAL)).isZero();
        }
    }
}
