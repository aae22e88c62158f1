package io.gatehouse.internal.wiring;

import io.gatehouse.testing.App;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** An embedded Tomcat that scans no class path, as applications use it. */
final class EmbeddedTomcat implements AutoCloseable {
    private final Tomcat tomcat;
    private final StandardContext context;

    private EmbeddedTomcat(Tomcat tomcat, StandardContext context) {
        this.tomcat = tomcat;
        this.context = context;
    }

    /** Returns the settings of an application that uses this Redis. */
    static Map<String, String> settings(TestRedis redis) {
        return Map.of(
                "REDIS_SESSION_URL",
                redis.url(),
                "REDIS_RATE_LIMIT_URL",
                redis.url(),
                "GATEHOUSE_CACHE_ENABLED",
                "False",
                "GATEHOUSE_RATE_LIMITS",
                "none",
                "GATEHOUSE_KEYS",
                App.KEYS);
    }

    /** Returns an application that has not started. */
    static EmbeddedTomcat create(Path folder) throws IOException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(
                Files.createDirectories(Path.of("target", "test-tomcat")).toString());
        tomcat.setHostname("localhost");
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        StandardContext context = new StandardContext();
        context.setPath("");
        context.setDocBase(folder.toAbsolutePath().toString());
        context.addLifecycleListener(new Tomcat.FixContextListener());
        tomcat.getHost().addChild(context);
        Tomcat.addServlet(context, "session", new SessionServlet()).addMapping("/session");
        return new EmbeddedTomcat(tomcat, context);
    }

    /** Returns an application whose web.xml has these elements. */
    static EmbeddedTomcat withWebXml(Path folder, String elements) throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("WEB-INF")).resolve("web.xml"), """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
                %s
                </web-app>
                """.formatted(elements));
        EmbeddedTomcat embedded = create(folder);
        ContextConfig config = new ContextConfig();
        config.setDefaultWebXml(embedded.tomcat.noDefaultWebXmlPath());
        embedded.context.addLifecycleListener(config);
        embedded.context.setContainerSciFilter(".*");
        StandardJarScanner scanner = new StandardJarScanner();
        scanner.setScanClassPath(false);
        embedded.context.setJarScanner(scanner);
        return embedded;
    }

    StandardContext context() {
        return context;
    }

    EmbeddedTomcat start() throws LifecycleException {
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            close();
            throw new IllegalStateException("the application did not start");
        }
        return this;
    }

    String url(String path) {
        return "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + path;
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    /** Responds with the implementation of the session that the application gets: that of Gatehouse or that of the container. */
    static final class SessionServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter()
                    .print(request.getSession().toString().startsWith("session ") ? "gatehouse" : "container");
        }
    }
}
