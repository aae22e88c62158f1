package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.OwnGatehouse;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.Wrapper;
import org.apache.catalina.authenticator.FormAuthenticator;
import org.apache.catalina.authenticator.SingleSignOn;
import org.apache.catalina.session.PersistentManager;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.Test;

/** Installing Gatehouse in a context of Tomcat, and removing it. */
@RedisTest
class TomcatInstallationTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    /** Starts an application for which Tomcat keeps its own sessions, and returns the warnings. */
    private List<String> warnings(Consumer<Context> obstacle) {
        try (LogCapture log = new LogCapture(Installation.class.getName());
                LogCapture integration = new LogCapture("io.gatehouse.internal.wiring.SessionIntegration");
                App app = ServerUsers.form(REDIS.url()).customize(obstacle).start()) {
            browser.get(app.url("/make"));
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
            assertThat(app.context().getPipeline().getValves())
                    .noneMatch(valve -> valve.getClass().getSimpleName().equals("GuardValve"));
            assertThat(integration.lines()).as("one warning is enough").isEmpty();
            return log.lines();
        }
    }

    @Test
    void anotherManagerStaysAndTheFilterIsUsed() {
        assertThat(warnings(context -> context.setManager(new PersistentManager())))
                .singleElement()
                .asString()
                .startsWith("WARNING")
                .contains(PersistentManager.class.getName(), "remove the <Manager>");
    }

    @Test
    void singleSignOnOfTomcatStaysAndTheFilterIsUsed() {
        assertThat(warnings(context -> context.getParent().getPipeline().addValve(new SingleSignOn())))
                .singleElement()
                .asString()
                .contains("SingleSignOn");
    }

    @Test
    void passwordsInSessionsAreRefused() {
        assertThat(warnings(
                        context -> ((FormAuthenticator) context.getPipeline().getFirst()).setCache(false)))
                .singleElement()
                .asString()
                .contains("keeps passwords in sessions");
    }

    /** A listener as web.xml declares it. */
    public static final class CookieListener implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            event.getServletContext().setSessionTrackingModes(Set.of(SessionTrackingMode.COOKIE));
        }
    }

    @Test
    void anApplicationThatWantsTomcatsCookieIsWarned() {
        try (LogCapture log = new LogCapture(Installation.class.getName());
                App app = ServerUsers.form(REDIS.url())
                        .customize(context -> context.addApplicationListener(CookieListener.class.getName()))
                        .start()) {
            assertThat(app.context().getManager()).isInstanceOf(SharedSessionManager.class);
            assertThat(log.lines()).singleElement().asString().contains("[COOKIE]");
        }
    }

    @Test
    void aValveInFrontOfTheAuthenticatorStaysThere() {
        try (App app = ServerUsers.form(REDIS.url())
                .customize(context -> {
                    var pipeline = context.getPipeline();
                    pipeline.removeValve(pipeline.getFirst());
                    pipeline.addValve(new RemoteIpValve());
                    pipeline.addValve(new FormAuthenticator());
                })
                .start()) {
            assertThat(app.context().getPipeline().getValves())
                    .extracting(valve -> valve.getClass().getSimpleName())
                    .containsExactly("RemoteIpValve", "GuardValve", "FormAuthenticator", "StandardContextValve");
            assertThat(browser.get(app.url("/member/who")).body()).isEqualTo("please log in");
        }
    }

    @Test
    void anApplicationWithoutAuthenticatorWorks() {
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_INTEGRATION", "container")
                .on("/make", (request, response) -> request.getSession().setAttribute("cart", "apples"))
                .on(
                        "/cart",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("cart")))
                .start()) {
            assertThat(browser.get(app.url("/make")).setCookies()).hasSize(1);
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
        }
    }

    @Test
    void theServerGetsItsOwnManagerBackWithItsConfiguration() {
        StandardManager configured = new StandardManager();
        configured.setPathname("");
        configured.setMaxActiveSessions(7);
        App app = ServerUsers.form(REDIS.url())
                .customize(context -> context.setManager(configured))
                .start();
        Context context = app.context();
        assertThat(context.getManager()).isInstanceOf(SharedSessionManager.class);
        try (LogCapture log = new LogCapture("org.apache.catalina")) {
            app.context().getParent().removeChild(context);
            assertThat(context.getManager()).isExactlyInstanceOf(StandardManager.class);
            assertThat(((StandardManager) context.getManager()).getMaxActiveSessions())
                    .isEqualTo(7);
            assertThat(log.lines()).noneMatch(line -> line.contains("stop() method"));
        } finally {
            app.close();
        }
        assertThat(context.getPipeline().getValves())
                .noneMatch(valve -> valve.getClass().getSimpleName().equals("GuardValve"));
        assertThat(context.findLifecycleListeners()).noneMatch(listener -> listener instanceof Installation);
    }

    @Test
    void twentyReloadsLeaveNoClassLoader() {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        LifecycleListener ownGatehouse = event -> {
            if (event.getType().equals(Lifecycle.CONFIGURE_START_EVENT)) {
                OwnGatehouse loader = new OwnGatehouse();
                loaders.add(new WeakReference<>(loader));
                Context context = (Context) event.getLifecycle();
                for (FilterMap mapping : context.findFilterMaps()) { // which a context with web.xml removes by itself
                    context.removeFilterMap(mapping);
                }
                for (FilterDef filter : context.findFilterDefs()) {
                    context.removeFilterDef(filter);
                }
                context.addServletContainerInitializer(loader.initializer(), Set.of());
                Wrapper servlet = Tomcat.addServlet(context, "again", new HttpServlet() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                        request.getSession();
                    }
                });
                servlet.addMapping("/again");
            }
        };
        try (App app = ServerUsers.form(REDIS.url())
                .initializer((classes, context) -> {})
                .customize(context -> context.addLifecycleListener(ownGatehouse))
                .start()) {
            for (int i = 0; i < 20; i++) {
                assertThat(new Browser().get(app.url("/again")).setCookies())
                        .singleElement()
                        .asString()
                        .startsWith("sid=");
                assertThat(app.context().getManager().getClass().getSimpleName())
                        .isEqualTo("SharedSessionManager");
                app.context().reload();
            }
            assertThat(loaders).hasSize(21);
            Eventually.within(Duration.ofSeconds(20), () -> {
                System.gc();
                assertThat(loaders.stream()
                                .filter(loader -> loader.get() != null)
                                .count())
                        .isLessThanOrEqualTo(1);
            });
        }
    }
}
