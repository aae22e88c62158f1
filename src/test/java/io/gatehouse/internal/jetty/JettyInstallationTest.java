package io.gatehouse.internal.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.wiring.GatehouseInitializer;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.OwnGatehouse;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.FileSessionDataStore;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Installing Gatehouse in a context of Jetty, and removing it. */
@RedisTest
@ParameterizedClass
@EnumSource
class JettyInstallationTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @TempDir
    Path folder = Path.of("");

    private final JettyContext.Version version;
    private final Browser browser = new Browser();

    JettyInstallationTest(JettyContext.Version version) {
        this.version = version;
    }

    /** Starts an application for which Jetty keeps its own sessions, and returns the warnings. */
    private List<String> warnings(Consumer<JettyContext> obstacle) {
        try (LogCapture log = new LogCapture(JettySessions.class.getName());
                JettyApp app = JettyUsers.form(version, REDIS.url())
                        .customize(obstacle)
                        .start()) {
            browser.get(app.url("/make"));
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
            assertThat(app.context().sessions().getClass().getPackageName()).startsWith("org.eclipse.jetty.");
            return log.lines();
        }
    }

    @Test
    void aSessionStoreOfJettyStaysAndTheFilterIsUsed() throws Exception {
        Path store = Files.createDirectories(folder.resolve("store"));
        assertThat(warnings(context -> {
                    FileSessionDataStore files = new FileSessionDataStore();
                    files.setStoreDir(store.toFile());
                    DefaultSessionCache cache = new DefaultSessionCache(context.sessions());
                    cache.setSessionDataStore(files);
                    context.sessions().setSessionCache(cache);
                }))
                .singleElement()
                .asString()
                .startsWith("WARNING")
                .contains("a session store is configured");
    }

    @Test
    void anotherSessionCacheStaysAndTheFilterIsUsed() {
        assertThat(warnings(context -> {
                    NullSessionCache cache = new NullSessionCache(context.sessions());
                    cache.setSessionDataStore(new NullSessionDataStore());
                    context.sessions().setSessionCache(cache);
                }))
                .singleElement()
                .asString()
                .contains("a session store is configured");
    }

    @Test
    void aStartAfterTheHandlersUsesTheFilter() {
        ServletContextListener late = new ServletContextListener() {
            @Override
            public void contextInitialized(ServletContextEvent event) {
                assertThat(JettySessions.install(event.getServletContext()))
                        .isEqualTo(ContainerRequests.Installation.REFUSED);
            }
        };
        try (LogCapture log = new LogCapture(JettySessions.class.getName());
                JettyApp app = JettyUsers.form(version, REDIS.url())
                        .set("GATEHOUSE_SESSION_INTEGRATION", "filter")
                        .customize(context -> context.handler().addEventListener(late))
                        .start()) {
            assertThat(browser.get(app.url("/make")).status()).isEqualTo(200);
            assertThat(log.lines()).singleElement().asString().contains("in a ServletContainerInitializer");
        }
    }

    @Test
    void theContextGetsItsOwnHandlerBackWithItsConfiguration() {
        try (JettyApp app = JettyUsers.form(version, REDIS.url())
                .customize(context -> {
                    context.sessions().setMaxInactiveInterval(77);
                    context.sessions().setSessionCookie("named");
                })
                .start()) {
            assertThat(app.context().sessions()).isNotExactlyInstanceOf(own());
            assertThat(app.context().sessions().getMaxInactiveInterval()).isEqualTo(77);
            assertThat(app.context().sessions().getSessionCookie()).isEqualTo("named");
            browser.get(app.url("/make"));
            JettyContext stopped = app.context();
            app.redeploy();
            assertThat(stopped.sessions()).isExactlyInstanceOf(own());
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
            assertThat(stopped.handler().getEventListeners())
                    .noneMatch(listener -> listener.getClass().getName().startsWith("io.gatehouse."));
        }
    }

    private Class<?> own() {
        return version == JettyContext.Version.EE10
                ? org.eclipse.jetty.ee10.servlet.SessionHandler.class
                : org.eclipse.jetty.ee11.servlet.SessionHandler.class;
    }

    /** So a start that fails leaves nothing that keeps the next one from using the sessions of Gatehouse. */
    @Test
    void aFailedStartLeavesTheOwnHandler() throws Exception {
        JettyContext context = JettyContext.of(version, "");
        context.initializer((classes, application) -> {
            assertThat(JettySessions.install(application)).isEqualTo(ContainerRequests.Installation.DONE);
            throw new IllegalStateException("broken");
        });
        org.eclipse.jetty.server.Server server = new org.eclipse.jetty.server.Server();
        server.setHandler(context.handler());
        for (int i = 0; i < 2; i++) {
            try {
                server.start();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("broken");
            }
            assertThat(context.sessions()).isExactlyInstanceOf(own());
        }
        server.stop();
    }

    /** As for a WAR, from which Jetty hides its classes. */
    @Test
    void twentyDeploymentsOfAnApplicationThatDoesNotSeeJettyLeaveNoClassLoader() {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (JettyApp app = JettyUsers.form(version, REDIS.url())
                .initializer((classes, application) -> {
                    OwnGatehouse loader = new OwnGatehouse("org.eclipse.jetty.");
                    loaders.add(new WeakReference<>(loader));
                    loader.initializer().onStartup(null, application);
                })
                .start()) {
            for (int i = 0; i < 20; i++) {
                Browser fresh = new Browser();
                assertThat(fresh.get(app.url("/make")).setCookies())
                        .singleElement()
                        .asString()
                        .startsWith("sid=");
                fresh.get(app.url("/member/who"));
                assertThat(fresh.post(app.url("/j_security_check"), "j_username=alice&j_password=alice")
                                .header("location"))
                        .as("login " + i)
                        .isEqualTo("/member/who");
                Browser.Answer page = fresh.get(app.url("/member/who"));
                assertThat(page.body()).as(page.toString()).startsWith("alice true");
                assertThat(app.context()
                                .sessions()
                                .getClass()
                                .getClassLoader()
                                .getClass()
                                .getName())
                        .isEqualTo(AdapterLoader.class.getName());
                app.redeploy();
            }
            assertThat(loaders).hasSize(21);
            browser.get(app.url("/who")); // until then, the connection remembers the application before
            Eventually.within(Duration.ofSeconds(20), () -> {
                System.gc();
                assertThat(loaders.stream()
                                .filter(loader -> loader.get() != null)
                                .count())
                        .isLessThanOrEqualTo(1);
            });
        }
    }

    @Test
    void anApplicationWithoutSecurityWorks() {
        try (JettyApp app = JettyApp.with(version, REDIS.url())
                .initializer(new GatehouseInitializer())
                .on("/make", (request, response) -> request.getSession().setAttribute("cart", "apples"))
                .on(
                        "/cart",
                        (request, response) -> response.getWriter()
                                .print(request.getSession().getAttribute("cart") + " " + request.getRemoteUser()))
                .start()) {
            assertThat(browser.get(app.url("/make")).setCookies()).hasSize(1);
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples null");
        }
    }
}
