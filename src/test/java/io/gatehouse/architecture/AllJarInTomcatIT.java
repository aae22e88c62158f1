package io.gatehouse.architecture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.Servlet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests {@code gatehouse-all.jar} as the only addition to a WAR with classes of the same names as its libraries have, which it
 * cannot use. The class loader of the WAR sees the server, but not the libraries of this JVM.
 */
@RedisTest
class AllJarInTomcatIT {
    private static final Path JAR = Path.of("target", "gatehouse-all.jar");

    private static final List<String> CLASSES_OF_ANOTHER_VERSION = List.of(
            "com.cronutils.parser.CronParser",
            "com.github.benmanes.caffeine.cache.Caffeine",
            "com.nimbusds.jose.JWSObject",
            "io.github.resilience4j.circuitbreaker.CircuitBreaker",
            "io.prometheus.metrics.model.registry.PrometheusRegistry",
            "org.apache.commons.pool2.impl.GenericObjectPool",
            "org.slf4j.LoggerFactory",
            "redis.clients.jedis.Jedis",
            "redis.clients.jedis.UnifiedJedis");

    private static final String SERVLET = """
            package shop;

            import io.gatehouse.Gatehouse;
            import jakarta.servlet.annotation.WebServlet;
            import jakarta.servlet.http.*;

            @WebServlet("/count")
            public class CountServlet extends HttpServlet {
                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
                    HttpSession session = request.getSession();
                    int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
                    session.setAttribute("count", count);
                    Gatehouse gatehouse = Gatehouse.of(getServletContext()).orElseThrow();
                    String cached = gatehouse.cache().getOrSet("shop:name", () -> "cached", java.time.Duration.ofMinutes(1));
                    response.getWriter().print(count + " " + cached + " " + new redis.clients.jedis.Jedis());
                }
            }
            """;

    @TempDir
    private Path folder = Path.of("");

    private final Browser browser = new Browser();

    /** A class loader with the classes of the JDK and the server. */
    private static final class ServerLoader extends ClassLoader {
        ServerLoader() {
            super(ServerLoader.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.matches("(jakarta|org\\.apache\\.(catalina|coyote|juli|naming|tomcat))\\..*")
                    ? super.loadClass(name, resolve)
                    : getPlatformClassLoader().loadClass(name);
        }

        @Override
        public @Nullable URL getResource(String name) {
            return name.startsWith("org/apache/") ? super.getResource(name) : null;
        }

        @Override
        public Enumeration<URL> getResources(String name) {
            return Collections.emptyEnumeration();
        }
    }

    @BeforeEach
    void makeTheWar() throws IOException, URISyntaxException {
        Path library = Files.createDirectories(folder.resolve("shop/WEB-INF/lib"));
        Files.copy(JAR, library.resolve("gatehouse-all.jar"));
        Path sources = Files.createDirectory(folder.resolve("sources"));
        List<String> files = new ArrayList<>();
        files.add(
                Files.writeString(sources.resolve("CountServlet.java"), SERVLET).toString());
        for (String name : CLASSES_OF_ANOTHER_VERSION) {
            int dot = name.lastIndexOf('.');
            String simpleName = name.substring(dot + 1);
            files.add(Files.writeString(
                            sources.resolve(simpleName + ".java"),
                            "package " + name.substring(0, dot) + "; public class " + simpleName
                                    + " { @Override public String toString() { return \"theirs\"; } }")
                    .toString());
        }
        Path servletApi = Path.of(Servlet.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> options = new ArrayList<>(List.of("-proc:none", "-d"));
        options.add(folder.resolve("shop/WEB-INF/classes").toString());
        options.addAll(List.of("-cp", JAR + System.getProperty("path.separator") + servletApi));
        options.addAll(files);
        ByteArrayOutputStream problems = new ByteArrayOutputStream();
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, problems, problems, options.toArray(String[]::new)))
                .as(problems.toString(StandardCharsets.UTF_8))
                .isZero();
    }

    private interface Visit {
        void to(String application) throws IOException;
    }

    /** Runs the WAR on a server of its own, and returns what was printed to the standard error meanwhile. */
    private String onAServer(TestRedis redis, Visit visit) throws IOException, LifecycleException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream errors = System.err;
        Tomcat tomcat = new Tomcat();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            tomcat.setBaseDir(
                    Files.createDirectories(Path.of("target", "test-tomcat")).toString());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            tomcat.setAddDefaultWebXmlToWebapp(false);
            Context context = tomcat.addWebapp(
                    "/shop", folder.resolve("shop").toAbsolutePath().toString());
            context.setParentClassLoader(new ServerLoader());
            ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
            redis.settings().forEach(context::addParameter);
            Map.of("GATEHOUSE_KEYS", App.KEYS, "GATEHOUSE_ENDPOINTS_ENABLED", "True")
                    .forEach(context::addParameter);
            tomcat.start();
            assertThat(context.getState()).isEqualTo(LifecycleState.STARTED);
            ClassLoader application = requireNonNull(context.getLoader()).getClassLoader();
            assertThat(requireNonNull(context.getServletContext().getAttribute("io.gatehouse"))
                            .getClass()
                            .getClassLoader())
                    .isSameAs(application);
            visit.to("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/shop");
        } finally {
            tomcat.stop();
            tomcat.destroy();
            System.setErr(errors);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void servesSessionsLimitsCacheAndMetrics(TestRedis redis) throws IOException, LifecycleException {
        String printed = onAServer(redis, application -> {
            Browser.Answer first = browser.get(application + "/count");
            assertThat(first.body()).isEqualTo("1 cached theirs");
            assertThat(first.header("RateLimit-Policy")).contains("everything");
            assertThat(browser.get(application + "/count").body()).isEqualTo("2 cached theirs");
            assertThat(browser.get(application + "/api/v1/core/metrics").body())
                    .contains("gatehouse_redis_up{application=\"shop\",purpose=\"sessions\"} 1.0");
        });
        assertThat(redis.sessionKey()).startsWith("gatehouse:");
        assertThat(printed).as("what SLF4J prints when it has no binding").doesNotContain("SLF4J");

        onAServer(
                redis,
                application -> assertThat(browser.get(application + "/count").body())
                        .as("on the next node")
                        .isEqualTo("3 cached theirs"));
    }
}
