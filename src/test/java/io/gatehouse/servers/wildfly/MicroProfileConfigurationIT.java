package io.gatehouse.servers.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests the MicroProfile configuration of WildFly, with health checks and without EJB. */
@OnServer
class MicroProfileConfigurationIT {
    private final Browser browser = new Browser();

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "built", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive built() {
        return Wars.built();
    }

    @Deployment(name = "shop", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive shop() {
        return Wars.shop();
    }

    @Test
    void reportsHealthAndSchedulesTasksWithoutEjb() {
        Node.start(controller, Node.arguments(Node.TWO), "standalone-microprofile.xml");

        assertThat(browser.get(Node.url(Node.TWO, "/gatehouse/api/v1/core/health/redis/"))
                        .status())
                .isEqualTo(200);
        assertThat(browser.get(Node.healthUrl(Node.TWO, "ready")).body())
                .contains("gatehouse-redis/gatehouse", "gatehouse-redis/shop");
        assertThat(browser.get(Node.url(Node.TWO, "/shop/session/count")).body())
                .isEqualTo("1");
        assertThat(browser.get(Node.url(Node.TWO, "/shop/session/count")).body())
                .isEqualTo("2");
        Eventually.within(
                Duration.ofSeconds(60), // it first waits 30 seconds for an EJB timer
                () -> assertThat(browser.get(Node.url(Node.TWO, "/shop/session/driver"))
                                .body())
                        .isIn("MANAGED_EXECUTOR", "THREAD"));
    }
}
