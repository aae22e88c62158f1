package io.gatehouse.servers.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Browser;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests Weld without the weld.properties of Gatehouse: it numbers the beans in sessions, and another version cannot use the numbers. */
@OnServer
class NumberedBeansIT {
    private final Browser browser = new Browser();

    @ArquillianResource
    ContainerController controller;

    @ArquillianResource
    Deployer deployer;

    @Deployment(name = "before", managed = false, testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive before() {
        return Wars.withNumberedBeans("before.war", Wars.clubBefore());
    }

    @Deployment(name = "after", managed = false, testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive after() {
        return Wars.withNumberedBeans("after.war", Wars.clubAfter());
    }

    @Test
    void dropsBeansOfAnotherVersionAndKeepsTheAttributes() {
        Node.start(controller, Node.arguments(Node.TWO), "standalone-gatehouse.xml");
        deployer.deploy("before");
        assertThat(ask("/club/visit")).isEqualTo("1");
        assertThat(ask("/club/visit")).isEqualTo("2");
        assertThat(ask("/club/names")).contains("WELD_S_HASH");
        ask("/club/name?what=Ada");
        deployer.undeploy("before");

        deployer.deploy("after");
        assertThat(ask("/club/visit")).isEqualTo("1");
        assertThat(ask("/club/visit")).isEqualTo("2");
        assertThat(ask("/club/name-is")).isEqualTo("Ada");
        deployer.undeploy("after");
    }

    private String ask(String path) {
        Browser.Answer answer = browser.get(Node.url(Node.TWO, "/club" + path));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
