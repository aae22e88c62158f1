package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.wiring.GatehouseInitializer;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.PathBrowser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two applications on one server that dispatch to each other (Servlet 6.1, section 7.3): each has its own sessions. */
@RedisTest
class CrossContextTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static App app;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start() throws ReflectiveOperationException {
        app = application("/front")
                .beside(application("/back").initializer(separateGatehouse()))
                .start();
    }

    private static ServletContainerInitializer separateGatehouse() throws ReflectiveOperationException {
        return (ServletContainerInitializer) new OwnGatehouse()
                .loadClass("io.gatehouse.internal.wiring.GatehouseInitializer")
                .getConstructor()
                .newInstance();
    }

    /** Loads Gatehouse again, as if each application had it in its own WEB-INF/lib. */
    private static final class OwnGatehouse extends ClassLoader {
        OwnGatehouse() {
            super(CrossContextTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.gatehouse.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = Objects.requireNonNull(file, name).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static App.Builder application(String path) {
        return App.with(REDIS.url())
                .path(path)
                .set("GATEHOUSE_COOKIE_NAME", path.substring(1))
                .set("GATEHOUSE_COOKIE_PATH", "/")
                .on("/count", CrossContextTest::count)
                .on("/show", CrossContextTest::show)
                .on("/include", (request, response) -> {
                    HttpSession before = request.getSession();
                    count(request, response);
                    there(request, "/count").include(request, response);
                    count(request, response);
                    assertThat(request.getSession()).isSameAs(before);
                })
                .on(
                        "/include-much",
                        (request, response) -> there(request, "/much").include(request, response))
                .on("/much", (request, response) -> {
                    count(request, response);
                    response.getWriter().print("x".repeat(100_000));
                })
                .on("/forward", (request, response) -> {
                    request.getSession().setAttribute("count", 10);
                    there(request, "/count").forward(request, response);
                })
                .on("/logout-other", (request, response) -> {
                    there(request, "/logout").include(request, response);
                    show(request, response);
                })
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .customize(context -> context.setCrossContext(true));
    }

    private static void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        response.getWriter().print(session == null ? "none" : session.getAttribute("count"));
    }

    /** Increments a counter in the session of the current application. */
    private static void count(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession();
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        response.getWriter().print(session.getServletContext().getContextPath() + count + " ");
    }

    private static RequestDispatcher there(HttpServletRequest request, String path)
            throws ServletException, IOException {
        return request.getServletContext().getContext("/back").getRequestDispatcher(path);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private String ask(String path) {
        Browser.Answer answer = browser.get(app.serverUrl(path));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void anIncludeUsesTheSessionOfTheOtherApplicationAndRestoresTheFirst() {
        assertThat(ask("/front/include")).isEqualTo("/front1 /back1 /front2 ");
        assertThat(ask("/front/include")).isEqualTo("/front3 /back2 /front4 ");
        assertThat(ask("/front/show")).isEqualTo("4");
        assertThat(ask("/back/show")).isEqualTo("2");
    }

    @Test
    void aForwardUsesTheOtherApplicationsSessionAndSavesBoth() {
        assertThat(ask("/front/forward")).isEqualTo("/back1 ");
        assertThat(ask("/front/forward")).isEqualTo("/back2 ");
        assertThat(ask("/front/show")).isEqualTo("10");
        assertThat(ask("/back/count")).isEqualTo("/back3 ");
    }

    @Test
    void anIncludeThatOverflowsTheBufferSavesAndSetsTheCookie() {
        assertThat(ask("/front/include-much")).startsWith("/back1 x");
        assertThat(ask("/back/show")).isEqualTo("1");
        assertThat(ask("/front/show")).isEqualTo("none");
    }

    @Test
    void endingTheSessionOfTheOtherApplicationKeepsTheFirst() {
        ask("/front/include");
        assertThat(ask("/front/logout-other")).isEqualTo("2");
        assertThat(ask("/front/show")).isEqualTo("2");
        assertThat(ask("/back/show")).isEqualTo("none");
    }

    /** Each cookie is sent only to its own application. */
    @Test
    void aSessionMadeInAnotherApplicationIsFoundByTheNextDispatchWithoutConfiguration()
            throws ReflectiveOperationException {
        try (App own = unconfigured("/front", new GatehouseInitializer())
                .beside(unconfigured("/back", separateGatehouse()))
                .beside(unconfigured("/side", separateGatehouse()))
                .start()) {
            PathBrowser visitor = new PathBrowser();
            for (int i = 1; i <= 3; i++) {
                assertThat(visitor.get(own.serverUrl("/front/include?to=/back")).body())
                        .isEqualTo("/back" + i + " ");
                assertThat(visitor.get(own.serverUrl("/front/forward?to=/back")).body())
                        .isEqualTo("/back" + i + "00 ");
                assertThat(visitor.get(own.serverUrl("/front/include?to=/side")).body())
                        .isEqualTo("/side" + i + " ");
                assertThat(visitor.get(own.serverUrl("/front/count")).body()).isEqualTo("/front" + i + " ");
            }
            assertThat(visitor.cookies()).containsExactlyInAnyOrder("sid.back /front", "sid.side /front", "sid /front");
            visitor.get(own.serverUrl("/front/include-end?to=/back"));
            assertThat(visitor.cookies()).containsExactlyInAnyOrder("sid.side /front", "sid /front");
        }
    }

    private static App.Builder unconfigured(String path, ServletContainerInitializer initializer) {
        return App.with(REDIS.url())
                .path(path)
                .initializer(initializer)
                .on("/count", CrossContextTest::count)
                .on(
                        "/hundred",
                        (request, response) -> response.getWriter()
                                .print(path + request.getSession().getAttribute("count") + "00 "))
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .on("/include", (request, response) -> to(request, "/count").include(request, response))
                .on(
                        "/include-end",
                        (request, response) -> to(request, "/logout").include(request, response))
                .on("/forward", (request, response) -> to(request, "/hundred").forward(request, response))
                .customize(context -> context.setCrossContext(true));
    }

    private static RequestDispatcher to(HttpServletRequest request, String path) {
        return request.getServletContext()
                .getContext(request.getParameter("to"))
                .getRequestDispatcher(path);
    }
}
