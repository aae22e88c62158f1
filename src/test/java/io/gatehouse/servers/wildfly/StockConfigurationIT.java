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

/** Tests the default configuration of WildFly, with EJB and without MicroProfile Health. */
@OnServer
class StockConfigurationIT {
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
    void worksWithoutMicroProfileHealthAndSchedulesTasksByTheEjbTimer() {
        Node.start(controller, Node.arguments(Node.TWO), "standalone.xml");

        assertThat(browser.get(Node.url(Node.TWO, "/gatehouse/api/v1/core/health/redis/"))
                        .status())
                .isEqualTo(200);
        assertThat(browser.get(Node.healthUrl(Node.TWO, "ready")).body()).doesNotContain("gatehouse-redis");
        assertThat(browser.get(Node.url(Node.TWO, "/shop/session/count")).body())
                .isEqualTo("1");
        assertThat(browser.get(Node.url(Node.TWO, "/shop/session/count")).body())
                .isEqualTo("2");
        Eventually.within(
                Duration.ofSeconds(15),
                () -> assertThat(browser.get(Node.url(Node.TWO, "/shop/session/driver"))
                                .body())
                        .isEqualTo("EJB_TIMER"));
    }
}
