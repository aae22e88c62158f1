package io.gatehouse.servers.payara;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.LoginClient;
import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.ServerTestEnvironment;
import io.gatehouse.servers.Wars;
import io.gatehouse.servers.guarded.Once;
import io.gatehouse.testing.Browser.Answer;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests users of Jakarta Security whom Payara remembers while it uses the sessions of Gatehouse, on two nodes. */
@OnServer
class ContainerMechanismIT {
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.inContainerMode(Wars.guardedBy(Once.class, "once"));
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.inContainerMode(Wars.guardedBy(Once.class, "once"));
    }

    @BeforeEach
    void reset() {
        if (!started) {
            Node.start(controller, Node.arguments(Node.TWO), "standalone-gatehouse.xml");
            started = true;
        }
        ServerTestEnvironment.redis().flush();
    }

    @Test
    void knowsAUserOnBothNodes() {
        LoginClient client = new LoginClient("/once");
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 1");
        assertThat(client.send(Node.ONE, "/members/visit").status()).isEqualTo(401);
        String before = client.token();
        Answer login = client.sendWithName(Node.ONE, "/members/visit", "alice");
        assertThat(login.body()).isEqualTo("alice 2");
        assertThat(client.token()).isNotEqualTo(before);
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 3");
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 4");
        new LoginClient("/once").get(Node.TWO, "/open/terminate?user=alice");
        assertThat(client.send(Node.ONE, "/members/visit").status()).isEqualTo(401);
    }
}
