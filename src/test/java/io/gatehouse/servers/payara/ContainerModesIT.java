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

/** Tests nodes of which one replaces the sessions of the application, and the other those of Payara. */
@OnServer
class ContainerModesIT {
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.guarded();
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.inContainerMode(Wars.guarded());
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
    void continuesASessionInTheOtherMode() {
        LoginClient client = new LoginClient("/guarded");
        assertThat(client.get(Node.TWO, "/open/visit")).isEqualTo("null 1");
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 2");
        assertThat(client.get(Node.TWO, "/open/visit")).isEqualTo("null 3");
        assertThat(client.logIn(Node.TWO, "/members/visit")).isEqualTo("alice 4");
        assertThat(client.get(Node.ONE, "/open/visit")).endsWith(" 5");
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 6");
        assertThat(client.get(Node.ONE, "/open/invalidate")).isEqualTo("null null");
        assertThat(client.get(Node.TWO, "/open/who")).isEqualTo("null null");
    }

    @Test
    void countsFailedFormLoginsAndLocksTheAccount() {
        LoginClient attacker = new LoginClient("/guarded");
        for (int i = 0; i < 5; i++) {
            Answer wrong = attacker.submit(Node.TWO, "alice", "wrong");
            assertThat(wrong.status()).as(wrong.body()).isEqualTo(200);
            assertThat(wrong.body()).isEqualTo("please log in");
        }
        Answer locked = attacker.submit(Node.TWO, "alice", "alice");
        assertThat(locked.status()).as(locked.body()).isEqualTo(429);
        assertThat(locked.body()).contains("abnormal-usage-detected");
    }
}
