package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gatehouse.testing.Browser;
import java.io.IOException;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests a server with two errors in its configuration. */
@OnServer
class BrokenConfigurationIT {

    @ArquillianResource
    ContainerController controller;

    @ArquillianResource
    Deployer deployer;

    @Deployment(name = "built", managed = false, testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive built() {
        return Wars.built();
    }

    @Test
    void failsTheDeploymentAndReportsAllErrorsOfTheConfigurationAtOnce() throws IOException {
        String arguments = Node.arguments(Node.TWO).replaceFirst(" -DGATEHOUSE_KEYS=\\S+", "");
        Node.start(controller, arguments + " -DREDIS_CONNECTION_POOL_SIZE=abc", "standalone-gatehouse.xml");

        Throwable thrown = catchThrowable(() -> deployer.deploy("built"));

        // Payara Micro starts without the application and does not report the failure to Arquillian
        if (!Server.PAYARA.isUnderTest()) {
            assertThat(thrown).as("the deployment").isNotNull();
        }
        assertThat(new Browser()
                        .get(Node.url(Node.TWO, "/gatehouse/api/v1/core/health/redis/"))
                        .status())
                .isEqualTo(404);
        assertThat(Node.log(Node.TWO))
                .containsPattern("2 problems:\\s+- REDIS_CONNECTION_POOL_SIZE is 'abc'.*\\s+- GATEHOUSE_KEYS is ");
    }
}
