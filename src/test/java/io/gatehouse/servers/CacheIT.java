package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cache, warming and jobs of one application on two servers. */
@OnServer
class CacheIT {
    private static final Duration UNTIL_HEARD = Duration.ofSeconds(20);

    private final SessionClient sessionClient = new SessionClient("/cached");
    private boolean started;
    /** Each test has one of its own, because the servers remember those before. */
    private String user = "";

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.cached();
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.cached();
    }

    @BeforeEach
    void startTheSecond() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        user = "user-" + UUID.randomUUID();
    }

    private String asks(String node, String what, String of) {
        return sessionClient.asks(node, "/ask/" + what + "?what=" + of);
    }

    @Test
    void aCachedMethodIsCalledOnceForBothNodes() {
        String found = asks(Node.ONE, "find", user);
        assertThat(found).startsWith(user + " of red, call ").endsWith(" of node1");
        for (String node : List.of(Node.TWO, Node.ONE, Node.TWO)) {
            assertThat(asks(node, "find", user)).isEqualTo(found);
        }
        assertThat(asks(Node.TWO, "find", user + "-b")).startsWith(user + "-b").endsWith(" of node2");
    }

    @Test
    void whatAMethodOutdatesOnOneNodeIsCalledAnewOnTheOther() {
        String before = asks(Node.TWO, "find", user);
        assertThat(before).endsWith(" of node2");
        assertThat(asks(Node.ONE, "change", user)).isEqualTo(user + " changed");
        Eventually.within(
                UNTIL_HEARD,
                () -> assertThat(asks(Node.TWO, "find", user))
                        .isNotEqualTo(before)
                        .endsWith(" of node2"));

        String again = asks(Node.TWO, "find", user);
        assertThat(asks(Node.ONE, "disband", "red")).isEqualTo("red disbanded");
        Eventually.within(
                UNTIL_HEARD,
                () -> assertThat(asks(Node.TWO, "find", user))
                        .isNotEqualTo(again)
                        .endsWith(" of node2"));
    }

    @Test
    void whatMethodsThrowReachesTheCallerAndOutdatesNothing() {
        assertThat(asks(Node.ONE, "find", "nobody")).isEqualTo("thrown nobody");
        String found = asks(Node.ONE, "find", user);
        assertThat(asks(Node.ONE, "refuse", user)).isEqualTo("thrown " + user);
        assertThat(asks(Node.ONE, "find", user)).isEqualTo(found);
    }

    @Test
    void aLoaderInAnotherThreadFindsNamesAndBeans() {
        for (String node : Node.NAMES) {
            assertThat(asks(node, "load", "user:" + user + node))
                    .isEqualTo("another thread of " + node + ", executor found");
        }
        assertThat(asks(Node.TWO, "load", "user:" + user + Node.ONE)).startsWith("another thread of node1");
    }

    @Test
    void aJobWarmsBothNodesAndAPatternTakesItOutOnBoth() {
        Eventually.within(UNTIL_HEARD, () -> {
            asks(Node.ONE, "invalidate", "user:*");
            assertThat(asks(Node.ONE, "run", "warm-users"))
                    .isEqualTo("SUCCEEDED: 2 warmed, 0 without a value, 0 failed");
            for (String node : Node.NAMES) {
                assertThat(asks(node, "get", "user:founder-ada")).isEqualTo("founder-ada was here first");
            }
            assertThat(asks(Node.TWO, "invalidate", "user:*"))
                    .isEqualTo("InvalidationResult[entries=2, nodesConfirmed=2, nodes=2]");
        });
        Eventually.within(UNTIL_HEARD, () -> {
            for (String node : Node.NAMES) {
                assertThat(asks(node, "get", "user:founder-ada")).isEqualTo("none");
            }
        });
    }

    @Test
    void theInjectedWarmerAsksTheSources() {
        assertThat(asks(Node.ONE, "warm", "founder-bob")).isEqualTo("1 warmed, 1 missing, 0 failed");
        assertThat(asks(Node.TWO, "get", "user:founder-bob")).isEqualTo("founder-bob was here first");
    }
}
