package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.Gatehouse;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting Gatehouse with its builder, on servers that do not scan for initializers. */
class GatehouseBuilderTest {
    private static final TestRedis REDIS = TestRedis.start();

    @TempDir
    Path folder;

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static Optional<Gatehouse> start(jakarta.servlet.ServletContext context) {
        return Gatehouse.builder().settings(EmbeddedTomcat.settings(REDIS)).start(context);
    }

    /** Spring Boot calls its {@code ServletContextInitializer} beans from one such initializer of the context. */
    @Test
    void startsFromAnInitializerAndStopsWithTheApplication() throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.create(folder);
        tomcat.context().addServletContainerInitializer((classes, context) -> start(context), Set.of());
        try (EmbeddedTomcat app = tomcat.start()) {
            assertThat(new Browser().get(app.url("/session")).body()).isEqualTo("gatehouse");
            assertThat(Gatehouse.of(app.context().getServletContext())
                            .orElseThrow()
                            .sessionManager()
                            .countSessions())
                    .isPositive();
        }
        assertThat(RunningApplications.current()).isNull();
    }

    @Test
    void startsFromAListener() throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.create(folder);
        tomcat.context().addApplicationListener(StartingListener.class.getName());
        try (EmbeddedTomcat app = tomcat.start()) {
            assertThat(new Browser().get(app.url("/session")).body()).isEqualTo("gatehouse");
        }
        assertThat(RunningApplications.current()).isNull();
    }

    /** Starts and stops Gatehouse, as a listener of a web.xml does. */
    public static final class StartingListener implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            assertThat(start(event.getServletContext())).isPresent();
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            Gatehouse.of(event.getServletContext()).ifPresent(Gatehouse::close);
        }
    }

    @Test
    void startsOnlyOnce() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        EmbeddedTomcat tomcat = EmbeddedTomcat.create(folder);
        tomcat.context()
                .addServletContainerInitializer(
                        (classes, context) -> {
                            assertThat(start(context)).isPresent();
                            try {
                                start(context);
                            } catch (IllegalStateException e) {
                                thrown.add(e);
                            }
                            new GatehouseInitializer().onStartup(Set.of(), context);
                        },
                        Set.of());
        try (EmbeddedTomcat app = tomcat.start()) {
            assertThat(thrown).singleElement().asString().contains("already runs in this application");
            assertThat(new Browser().get(app.url("/session")).body()).isEqualTo("gatehouse");
        }
    }

    @Test
    void settingsOfTheBuilderTakePrecedence() throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.create(folder);
        EmbeddedTomcat.settings(REDIS).forEach(tomcat.context()::addParameter);
        tomcat.context()
                .addServletContainerInitializer(
                        (classes, context) -> assertThat(Gatehouse.builder()
                                        .setting("GATEHOUSE_ENABLED", "False")
                                        .start(context))
                                .isEmpty(),
                        Set.of());
        try (EmbeddedTomcat app = tomcat.start()) {
            assertThat(new Browser().get(app.url("/session")).body()).isEqualTo("container");
        }
    }

    @Test
    void responds503AfterClose() throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.create(folder);
        tomcat.context().addServletContainerInitializer((classes, context) -> start(context), Set.of());
        try (EmbeddedTomcat app = tomcat.start()) {
            Gatehouse gatehouse =
                    Gatehouse.of(app.context().getServletContext()).orElseThrow();
            gatehouse.close();
            gatehouse.close();
            assertThat(new Browser().get(app.url("/session")).status()).isEqualTo(503);
        }
    }

    @Test
    void reportsEveryProblemOfItsSettings() throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.create(folder);
        tomcat.context()
                .addServletContainerInitializer(
                        (classes, context) -> assertThatThrownBy(() -> Gatehouse.builder()
                                        .settings(EmbeddedTomcat.settings(REDIS))
                                        .setting("REDIS_CONNECTION_POOL_SIZE", "abc")
                                        .start(context))
                                .hasMessageContaining("REDIS_CONNECTION_POOL_SIZE is 'abc' (builder)"),
                        Set.of());
        try (EmbeddedTomcat app = tomcat.start()) {
            assertThat(Gatehouse.of(app.context().getServletContext())).isEmpty();
        }
    }
}
