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

/** Tests the cache, warmup and jobs of one application on two servers. */
@OnServer
class CacheIT {
    private static final Duration PROPAGATION = Duration.ofSeconds(20);

    private final SessionClient sessionClient = new SessionClient("/cached");
    private boolean started;
    /** The user of the test. Each test has its own, because the servers cache those of earlier tests. */
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
    void startTheSecondNode() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        user = "user-" + UUID.randomUUID();
    }

    private String get(String node, String what, String of) {
        return sessionClient.get(node, "/ask/" + what + "?what=" + of);
    }

    @Test
    void callsACachedMethodOnceForBothNodes() {
        String found = get(Node.ONE, "find", user);
        assertThat(found).startsWith(user + " of red, call ").endsWith(" of node1");
        for (String node : List.of(Node.TWO, Node.ONE, Node.TWO)) {
            assertThat(get(node, "find", user)).isEqualTo(found);
        }
        assertThat(Long.parseLong(get(Node.TWO, "ttl", "user:" + user)))
                .as("the ttl of the annotation")
                .isBetween(200L, 300L);
        assertThat(get(Node.TWO, "find", user + "-b")).startsWith(user + "-b").endsWith(" of node2");
    }

    @Test
    void callsTheMethodAgainAfterAnInvalidationOnTheOtherNode() {
        String before = get(Node.TWO, "find", user);
        assertThat(before).endsWith(" of node2");
        assertThat(get(Node.ONE, "change", user)).isEqualTo(user + " changed");
        Eventually.within(
                PROPAGATION,
                () -> assertThat(get(Node.TWO, "find", user))
                        .isNotEqualTo(before)
                        .endsWith(" of node2"));

        String again = get(Node.TWO, "find", user);
        assertThat(get(Node.ONE, "disband", "red")).isEqualTo("red disbanded");
        Eventually.within(
                PROPAGATION,
                () -> assertThat(get(Node.TWO, "find", user))
                        .isNotEqualTo(again)
                        .endsWith(" of node2"));
    }

    @Test
    void passesOnExceptionsOfMethodsWithoutInvalidating() {
        assertThat(get(Node.ONE, "find", "unknown")).isEqualTo("thrown unknown");
        String found = get(Node.ONE, "find", user);
        assertThat(get(Node.ONE, "refuse", user)).isEqualTo("thrown " + user);
        assertThat(get(Node.ONE, "find", user)).isEqualTo(found);
    }

    @Test
    void injectsTheRedisClientOfAPurpose() {
        String key = "count:" + user;
        assertThat(get(Node.ONE, "count", key)).isEqualTo("1");
        assertThat(get(Node.TWO, "count", key)).isEqualTo("2");
    }

    @Test
    void providesJndiAndCdiToLoadersInOtherThreads() {
        for (String node : Node.NAMES) {
            assertThat(get(node, "load", "user:" + user + node))
                    .isEqualTo("another thread of " + node + ", executor found");
        }
        assertThat(get(Node.TWO, "load", "user:" + user + Node.ONE)).startsWith("another thread of node1");
    }

    @Test
    void warmsBothNodesByAJobAndInvalidatesByAPatternOnBoth() {
        Eventually.within(PROPAGATION, () -> {
            get(Node.ONE, "invalidate", "user:*");
            assertThat(get(Node.ONE, "run", "warm-users"))
                    .isEqualTo("SUCCEEDED: 2 warmed, 0 without a value, 0 failed");
            for (String node : Node.NAMES) {
                assertThat(get(node, "get", "user:founder-ada")).isEqualTo("founder-ada was here first");
            }
            assertThat(get(Node.TWO, "invalidate", "user:*"))
                    .isEqualTo("InvalidationResult[entries=2, nodesConfirmed=2, nodes=2]");
        });
        Eventually.within(PROPAGATION, () -> {
            for (String node : Node.NAMES) {
                assertThat(get(node, "get", "user:founder-ada")).isEqualTo("none");
            }
        });
    }

    @Test
    void warmsTheScopeOfAnApplicationsOwnSourceByAJob() {
        assertThat(get(Node.ONE, "warm-scope", "room")).isEqualTo("SUCCEEDED: 2 warmed, 0 without a value, 0 failed");
        for (String node : Node.NAMES) {
            assertThat(get(node, "get", "room:cellar")).isEqualTo("the cellar");
        }
    }

    @Test
    void runsAJobBeanWithTheClassLoaderBeansAndNamesOfTheApplication() {
        for (String node : List.of(Node.ONE, Node.TWO, Node.ONE)) {
            String result = get(node, "greet", user + node);
            assertThat(result)
                    .startsWith(
                            "SUCCEEDED: step 2 of the application, executor found: " + user + node + " of red, call ");
            assertThat(result).endsWith(get(Node.ONE, "find", user + node));
        }
    }

    @Test
    void loadsFromTheSourcesByTheInjectedWarmerAndThatOfTheManager() {
        assertThat(get(Node.ONE, "warm", "founder-bob")).isEqualTo("1 warmed, 1 missing, 0 failed");
        assertThat(get(Node.ONE, "warm-by-manager", "founder-bob")).isEqualTo("1 warmed, 1 missing, 0 failed");
        assertThat(get(Node.TWO, "get", "user:founder-bob")).isEqualTo("founder-bob was here first");
    }
}
