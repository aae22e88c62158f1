package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.rules.RateLimitSettings;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Gatehouse in a plain servlet container such as Tomcat: without CDI, EJB, JSON-B and MicroProfile. */
@RedisTest
class PlainServletContainerTest {
    private static final TestRedis REDIS = TestRedis.shared();

    /** The libraries of a class path without an application server; all other libraries of the tests are removed. */
    private static final List<String> LIBRARIES = List.of(
            "tomcat-embed-core",
            "tomcat-annotations-api",
            "jedis-",
            "commons-pool2-",
            "redis-authx-core-",
            "resilience4j-",
            "caffeine-",
            "nimbus-jose-jwt-",
            "caffeine-",
            "prometheus-metrics-",
            "slf4j-");

    @Test
    void worksWithoutOptionalApisAndLogsEachMissingOneOnce() throws IOException, InterruptedException {
        String output = run(LIBRARIES);
        assertThat(output)
                .contains("counted 1, then 2")
                .contains("health says 200")
                .contains("admin says 404")
                .contains("metrics say 200, gatehouse_sessions_started_total{application=\"")
                .contains("\"} 1.0");
        assertThat(output)
                .contains(
                        "GATEHOUSE_RATE_LIMITS, line 1: this server has no JSON-P, which JSON rules need; expected properties");
        assertThat(output.lines().filter(line -> line.contains("is not available")))
                .containsExactlyInAnyOrder(
                        "INFO: MicroProfile Config is not available (NoClassDefFoundError): settings come from system properties and the environment",
                        "INFO: JSON-B is not available (NoClassDefFoundError): no session attribute is stored as JSON",
                        "INFO: JSON-P is not available (NoClassDefFoundError): /api/v1/core/admin is not served",
                        "INFO: CDI is not available (NoClassDefFoundError): the application has no job beans",
                        "INFO: CDI is not available (NoClassDefFoundError): limits have neither a resolver nor observers",
                        "INFO: JSON-P is not available (NoClassDefFoundError): rate limits can only be properties");
        assertThat(output).doesNotContain("Exception:").doesNotContain("SEVERE");
    }

    @Test
    void worksWithoutThePrometheusClient() throws IOException, InterruptedException {
        List<String> without = LIBRARIES.stream()
                .filter(name -> !name.startsWith("prometheus"))
                .toList();
        assertThat(run(without))
                .contains("counted 1, then 2")
                .contains("metrics say 404")
                .contains("INFO: The Prometheus client is not available (NoClassDefFoundError): there are no metrics")
                .doesNotContain("Exception:")
                .doesNotContain("SEVERE");
    }

    private static String run(List<String> libraries) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        classPath(libraries),
                        Main.class.getName(),
                        REDIS.url())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static String classPath(List<String> libraries) {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator, -1))
                .filter(entry -> new File(entry).isDirectory()
                        || libraries.stream().anyMatch(new File(entry).getName()::startsWith))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The program that runs with that class path. */
    static final class Main {
        private Main() {}

        private static void readRateLimitsInJson() {
            Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_RATE_LIMITS", "{}"))));
            RateLimitSettings.from(config, OptionalApi.rulesInJson(), path -> null);
            try {
                config.throwIfBroken();
            } catch (InvalidConfigurationException e) {
                System.out.println(e.messages());
            }
        }

        public static void main(String[] arguments) {
            try (App app = App.with(arguments[0])
                    .set("GATEHOUSE_ENDPOINTS_ENABLED", "yes")
                    .set("GATEHOUSE_ADMIN_TOKEN", App.randomKey())
                    .set("GATEHOUSE_SESSION_JSON_TYPES", "com.example.Profile")
                    .on("/count", (request, response) -> {
                        Object before = request.getSession().getAttribute("n");
                        int now = before instanceof Integer number ? number + 1 : 1;
                        request.getSession().setAttribute("n", now);
                        response.getWriter().print(now);
                    })
                    .start()) {
                Browser browser = new Browser();
                String first = browser.get(app.url("/count")).body();
                System.out.println("counted " + first + ", then "
                        + browser.get(app.url("/count")).body());
                System.out.println("health says "
                        + browser.get(app.url("/api/v1/core/health/redis/")).status());
                Browser.Answer metrics = browser.get(app.url("/api/v1/core/metrics"));
                System.out.println("metrics say " + metrics.status() + ", "
                        + metrics.body()
                                .lines()
                                .filter(line -> line.startsWith("gatehouse_sessions_started_total"))
                                .collect(Collectors.joining()));
                System.out.println("admin says "
                        + browser.get(app.url("/api/v1/core/admin/keys")).status());
            }
            readRateLimitsInJson();
        }
    }
}
