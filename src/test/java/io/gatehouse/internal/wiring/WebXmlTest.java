package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.GatehouseFilter;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.FilterRegistration;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gatehouse in an application whose web.xml declares its filter. */
class WebXmlTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final String FILTER = """
            <filter>
              <filter-name>gatehouse</filter-name>
              <filter-class>%s</filter-class>
              <async-supported>true</async-supported>
            </filter>
            """.formatted(GatehouseFilter.class.getName());

    @TempDir
    Path folder;

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static EmbeddedTomcat start(EmbeddedTomcat tomcat) throws Exception {
        EmbeddedTomcat.settings(REDIS).forEach(tomcat.context()::addParameter);
        tomcat.context().addServletContainerInitializer(new GatehouseInitializer(), Set.of());
        return tomcat.start();
    }

    private static FilterRegistration onlyFilter(EmbeddedTomcat app) {
        assertThat(app.context().getServletContext().getFilterRegistrations().values())
                .filteredOn(filter -> filter.getClassName().startsWith("io.gatehouse"))
                .hasSize(1);
        return Objects.requireNonNull(
                app.context().getServletContext().getFilterRegistrations().get("gatehouse"));
    }

    @Test
    void usesOnlyTheFilterMappingOfTheWebXml() throws Exception {
        String mapping = """
                <filter-mapping>
                  <filter-name>gatehouse</filter-name>
                  <url-pattern>/session</url-pattern>
                  <dispatcher>REQUEST</dispatcher>
                </filter-mapping>
                """;
        try (EmbeddedTomcat app = start(EmbeddedTomcat.withWebXml(folder, FILTER + mapping))) {
            assertThat(onlyFilter(app).getUrlPatternMappings()).containsExactly("/session");
            assertThat(new Browser().get(app.url("/session")).body()).isEqualTo("gatehouse");
        }
    }

    @Test
    void aDeclaredFilterWithoutMappingGetsEveryRequest() throws Exception {
        try (EmbeddedTomcat app = start(EmbeddedTomcat.withWebXml(folder, FILTER))) {
            assertThat(onlyFilter(app).getUrlPatternMappings()).containsExactly("/*");
            assertThat(new Browser().get(app.url("/session")).body()).isEqualTo("gatehouse");
        }
    }

    @Test
    void aDeclaredFilterPassesEveryRequestWhileGatehouseIsDisabled() throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.withWebXml(folder, FILTER);
        tomcat.context().addParameter("GATEHOUSE_ENABLED", "False");
        try (EmbeddedTomcat app = start(tomcat)) {
            assertThat(new Browser().get(app.url("/session")).body()).isEqualTo("container");
        }
    }

    @Test
    void aDeclaredFilterKeepsAnApplicationFromStartingWithoutGatehouse() throws Exception {
        EmbeddedTomcat tomcat = EmbeddedTomcat.withWebXml(folder, FILTER);
        try (LogCapture log = new LogCapture("org.apache.catalina")) {
            assertThatThrownBy(tomcat::start).hasMessage("the application did not start");
            assertThat(String.join("\n", log.lines())).contains("gatehouse");
        }
    }
}
