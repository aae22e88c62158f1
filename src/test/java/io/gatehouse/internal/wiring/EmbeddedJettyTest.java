package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.Gatehouse;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.TestRedis;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Gatehouse in an embedded Jetty. */
class EmbeddedJettyTest {
    private static final TestRedis REDIS = TestRedis.start();

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void startsWithTheBuilderAndStopsWithTheServer() throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
        context.addServlet(new EmbeddedTomcat.SessionServlet(), "/session");
        context.addServletContainerInitializer((classes, servletContext) -> {
            assertThat(Gatehouse.builder()
                            .settings(EmbeddedTomcat.settings(REDIS))
                            .start(servletContext))
                    .isPresent();
        });
        server.setHandler(context);
        server.start();
        try {
            Browser browser = new Browser();
            String url = "http://127.0.0.1:" + connector.getLocalPort() + "/session";
            assertThat(browser.get(url).body()).isEqualTo("gatehouse");
            assertThat(browser.get(url).setCookies()).as("the session is known").isEmpty();
        } finally {
            server.stop();
        }
        assertThat(RunningApplications.current()).isNull();
    }
}
