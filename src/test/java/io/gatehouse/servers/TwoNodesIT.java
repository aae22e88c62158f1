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

/** One application on two servers that have nothing in common but Redis and the keys. */
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
    void startTheSecond() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        sessionClient = new SessionClient();
        ServerTestEnvironment.redis().flush();
    }

    @Test
    void areTwo() {
        assertThat(sessionClient.asks(Node.ONE, "/session/node")).isEqualTo(Node.ONE);
        assertThat(sessionClient.asks(Node.TWO, "/session/node")).isEqualTo(Node.TWO);
    }

    @Test
    void countOnTogether() {
        for (int expected = 1; expected <= 10; expected += 2) {
            assertThat(sessionClient.asks(Node.ONE, "/session/count")).isEqualTo("" + expected);
            assertThat(sessionClient.asks(Node.TWO, "/session/count")).isEqualTo("" + (expected + 1));
        }
    }

    @Test
    void seeWhatTheOtherChangedInPlace() {
        for (String node : List.of(Node.ONE, Node.TWO, Node.ONE, Node.ONE)) {
            sessionClient.asks(node, "/session/list?what=" + node);
        }
        assertThat(sessionClient.asks(Node.TWO, "/session/list?what=end"))
                .isEqualTo("[node1, node2, node1, node1, end]");
    }

    @Test
    void readJsonAndObjectsOfTheOther() {
        sessionClient.asks(Node.ONE, "/session/basket?what=apple");
        sessionClient.asks(Node.TWO, "/session/guest?what=Ada");
        assertThat(sessionClient.asks(Node.TWO, "/session/basket?what=pear")).isEqualTo("[apple, pear]");
        assertThat(sessionClient.asks(Node.ONE, "/session/guest")).isEqualTo("Ada");
    }

    @Test
    void knowTheSessionByTheSameId() {
        String id = sessionClient.asks(Node.ONE, "/session/id");
        assertThat(sessionClient.asks(Node.TWO, "/session/id")).isEqualTo(id);
        assertThat(sessionClient.asks(Node.TWO, "/session/change-id")).startsWith(id + " ");
        assertThat(sessionClient.asks(Node.ONE, "/session/id")).isNotEqualTo(id);
    }

    @Test
    void endASessionForEachOther() {
        sessionClient.asks(Node.ONE, "/session/count");
        sessionClient.asks(Node.TWO, "/session/count");
        String token = sessionClient.browser().token();
        assertThat(sessionClient.asks(Node.ONE, "/session/invalidate")).isEqualTo("gone");

        sessionClient.browser().withCookie("sid", token); // somebody kept it
        assertThat(sessionClient.asks(Node.TWO, "/session/count")).isEqualTo("1");
    }

    @Test
    void goOnAfterARestartOfTheServer() {
        assertThat(sessionClient.asks(Node.TWO, "/session/count")).isEqualTo("1");
        assertThat(sessionClient.asks(Node.TWO, "/session/guest?what=Ada")).isEqualTo("Ada");

        Node.stop(controller);
        assertThat(sessionClient.asks(Node.ONE, "/session/count")).isEqualTo("2");

        Node.start(controller);
        assertThat(sessionClient.asks(Node.TWO, "/session/count")).isEqualTo("3");
        assertThat(sessionClient.asks(Node.TWO, "/session/guest")).isEqualTo("Ada");
    }
}
