package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests one application on two servers that share only Redis and the signing keys. */
@OnServer
class TwoNodesIT {
    private SessionClient sessionClient = new SessionClient();
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.shop();
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.shop();
    }

    @BeforeEach
    void startTheSecondNode() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        sessionClient = new SessionClient();
        ServerTestEnvironment.redis().flush();
    }

    @Test
    void reachesTwoDifferentNodes() {
        assertThat(sessionClient.get(Node.ONE, "/session/node")).isEqualTo(Node.ONE);
        assertThat(sessionClient.get(Node.TWO, "/session/node")).isEqualTo(Node.TWO);
    }

    @Test
    void sharesACounterBetweenNodes() {
        for (int expected = 1; expected <= 10; expected += 2) {
            assertThat(sessionClient.get(Node.ONE, "/session/count")).isEqualTo("" + expected);
            assertThat(sessionClient.get(Node.TWO, "/session/count")).isEqualTo("" + (expected + 1));
        }
    }

    @Test
    void sharesInPlaceChangesBetweenNodes() {
        for (String node : List.of(Node.ONE, Node.TWO, Node.ONE, Node.ONE)) {
            sessionClient.get(node, "/session/list?what=" + node);
        }
        assertThat(sessionClient.get(Node.TWO, "/session/list?what=end"))
                .isEqualTo("[node1, node2, node1, node1, end]");
    }

    @Test
    void readsJsonAndSerializedObjectsOfTheOtherNode() {
        sessionClient.get(Node.ONE, "/session/basket?what=apple");
        sessionClient.get(Node.TWO, "/session/guest?what=Ada");
        assertThat(sessionClient.get(Node.TWO, "/session/basket?what=pear")).isEqualTo("[apple, pear]");
        assertThat(sessionClient.get(Node.ONE, "/session/guest")).isEqualTo("Ada");
    }

    @Test
    void sharesTheSessionIdBetweenNodes() {
        String id = sessionClient.get(Node.ONE, "/session/id");
        assertThat(sessionClient.get(Node.TWO, "/session/id")).isEqualTo(id);
        assertThat(sessionClient.get(Node.TWO, "/session/change-id")).startsWith(id + " ");
        assertThat(sessionClient.get(Node.ONE, "/session/id")).isNotEqualTo(id);
    }

    @Test
    void endsASessionOnBothNodes() {
        sessionClient.get(Node.ONE, "/session/count");
        sessionClient.get(Node.TWO, "/session/count");
        String token = sessionClient.browser().token();
        assertThat(sessionClient.get(Node.ONE, "/session/invalidate")).isEqualTo("gone");

        sessionClient.browser().withCookie("sid", token); // an attacker may have kept the token
        assertThat(sessionClient.get(Node.TWO, "/session/count")).isEqualTo("1");
    }

    @Test
    void keepsSessionsDuringARestartOfTheServer() {
        assertThat(sessionClient.get(Node.TWO, "/session/count")).isEqualTo("1");
        assertThat(sessionClient.get(Node.TWO, "/session/guest?what=Ada")).isEqualTo("Ada");

        Node.stop(controller);
        assertThat(sessionClient.get(Node.ONE, "/session/count")).isEqualTo("2");

        Node.start(controller);
        assertThat(sessionClient.get(Node.TWO, "/session/count")).isEqualTo("3");
        assertThat(sessionClient.get(Node.TWO, "/session/guest")).isEqualTo("Ada");
    }
}
