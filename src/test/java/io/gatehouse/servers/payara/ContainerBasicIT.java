package io.gatehouse.servers.payara;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.LoginClient;
import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.ServerTestEnvironment;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Browser.Answer;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests users whom Payara logs in by BASIC while it uses the sessions of Gatehouse, on two nodes. */
@OnServer
class ContainerBasicIT {
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.inContainerMode(Wars.guarded("basic.war", "basic-web.xml"));
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.inContainerMode(Wars.guarded("basic.war", "basic-web.xml"));
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
    void remembersAUserOnBothNodesWithoutTheHeader() {
        LoginClient client = new LoginClient("/basic");
        assertThat(client.get(Node.TWO, "/open/visit")).isEqualTo("null 1");
        String before = client.token();
        assertThat(client.sendAs(Node.ONE, "/members/visit", "alice", "alice").body())
                .isEqualTo("alice 2");
        assertThat(client.token()).isNotEqualTo(before);
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 3");
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 4");
        assertThat(client.get(Node.ONE, "/open/invalidate")).isEqualTo("alice null");
        assertThat(client.send(Node.TWO, "/members/visit").status()).isEqualTo(401);
    }

    @Test
    void countsFailedCredentialsAndLocksTheAccount() {
        LoginClient client = new LoginClient("/basic");
        for (int i = 0; i < 10; i++) { // successes do not count
            assertThat(client.sendAs(Node.ONE, "/members/visit", "alice", "alice")
                            .body())
                    .isEqualTo("alice " + (i + 1));
        }
        LoginClient attacker = new LoginClient("/basic");
        for (int i = 0; i < 5; i++) {
            assertThat(attacker.sendAs(Node.ONE, "/members/visit", "alice", "wrong")
                            .status())
                    .isEqualTo(401);
        }
        Answer locked = attacker.sendAs(Node.ONE, "/members/visit", "alice", "alice");
        assertThat(locked.status()).as(locked.body()).isEqualTo(429);
        assertThat(locked.body()).contains("abnormal-usage-detected");
    }
}
