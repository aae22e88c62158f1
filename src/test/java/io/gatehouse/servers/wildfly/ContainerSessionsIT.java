package io.gatehouse.servers.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.JvmOfNode;
import io.gatehouse.servers.LoginClient;
import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.ServerTestEnvironment;
import io.gatehouse.servers.Wars;
import io.gatehouse.servers.guarded.Once;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.WebSocketClient;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests other authentication, limits in front of it, and deployments, while WildFly uses the sessions of Gatehouse. */
@OnServer
class ContainerSessionsIT {
    private static final String ONCE_FIRST = "once-first";
    private static final String ONCE_SECOND = "once-second";
    private static final String BASIC = "basic";
    private static final String LIMITS = "limits";
    private static final String FILTER = "filter";
    private static final String CONTAINER = "container";
    private static final String REDEPLOYED = "redeployed";

    private static final String SHOP = "shop";

    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @ArquillianResource
    Deployer deployer;

    @Deployment(name = ONCE_FIRST, managed = false, testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive onceFirst() {
        return Wars.inContainerMode(Wars.guardedBy(Once.class, "once"));
    }

    @Deployment(name = ONCE_SECOND, managed = false, testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive onceSecond() {
        return Wars.inContainerMode(Wars.guardedBy(Once.class, "once"));
    }

    @Deployment(name = BASIC, managed = false, testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive basic() {
        return Wars.inContainerMode(Wars.guarded("basic.war", "basic-web.xml"));
    }

    @Deployment(name = LIMITS, managed = false, testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive limits() {
        return Wars.inContainerMode(Wars.limits());
    }

    @Deployment(name = FILTER, managed = false, testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive filter() {
        return Wars.guarded();
    }

    @Deployment(name = CONTAINER, managed = false, testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive container() {
        return Wars.inContainerMode(Wars.guarded());
    }

    @Deployment(name = REDEPLOYED, managed = false, testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive redeployed() {
        return Wars.inContainerMode(Wars.guarded("redeployed.war", "guarded-web.xml"));
    }

    @Deployment(name = SHOP, managed = false, testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive shop() {
        return Wars.inContainerMode(Wars.shop());
    }

    @BeforeEach
    void reset() {
        if (!started) {
            Node.start(controller, Node.arguments(Node.TWO), "standalone-gatehouse.xml");
            started = true;
        }
        ServerTestEnvironment.redis().flush();
    }

    private interface Check {
        void run() throws Exception;
    }

    private void with(Check check, String... deployments) throws Exception {
        for (String deployment : deployments) {
            deployer.deploy(deployment);
        }
        try {
            check.run();
        } finally {
            for (String deployment : deployments) {
                deployer.undeploy(deployment);
            }
        }
    }

    @Test
    void knowsAUserOfJakartaSecurityOnBothNodes() throws Exception {
        with(
                () -> {
                    LoginClient client = new LoginClient("/once");
                    assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 1");
                    assertThat(client.send(Node.ONE, "/members/visit").status()).isEqualTo(401);
                    String before = client.token();
                    assertThat(client.sendWithName(Node.ONE, "/members/visit", "alice")
                                    .body())
                            .isEqualTo("alice 2");
                    assertThat(client.token()).isNotEqualTo(before);
                    assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 3");
                    assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 4");
                    new LoginClient("/once").get(Node.TWO, "/open/terminate?user=alice");
                    assertThat(client.send(Node.ONE, "/members/visit").status()).isEqualTo(401);
                },
                ONCE_FIRST,
                ONCE_SECOND);
    }

    @Test
    void countsFailedCredentialsOfBasicAndLocksTheAccount() throws Exception {
        with(
                () -> {
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
                },
                BASIC);
    }

    @Test
    void countsFailedFormLoginsAndLocksTheAccount() throws Exception {
        with(
                () -> {
                    LoginClient attacker = new LoginClient("/guarded");
                    for (int i = 0; i < 5; i++) {
                        Answer wrong = attacker.submit(Node.TWO, "alice", "wrong");
                        assertThat(wrong.status()).as(wrong.body()).isEqualTo(200);
                        assertThat(wrong.body()).isEqualTo("please log in");
                    }
                    Answer locked = attacker.submit(Node.TWO, "alice", "alice");
                    assertThat(locked.status()).as(locked.body()).isEqualTo(429);
                    assertThat(locked.body()).contains("abnormal-usage-detected");
                },
                CONTAINER);
    }

    @Test
    void limitsTheLoginFormOfTheServer() throws Exception {
        with(
                () -> {
                    LoginClient client = new LoginClient("/limits");
                    assertThat(client.submit(Node.ONE, "unknown", "wrong").status())
                            .isNotEqualTo(429);
                    Answer refused = client.submit(Node.ONE, "unknown", "wrong");
                    assertThat(refused.status()).isEqualTo(429);
                    assertThat(refused.body()).contains("\"violated-policies\":[\"form\"]");
                },
                LIMITS);
    }

    @Test
    void continuesASessionInTheOtherMode() throws Exception {
        with(
                () -> {
                    LoginClient client = new LoginClient("/guarded");
                    assertThat(client.get(Node.TWO, "/open/visit")).isEqualTo("null 1");
                    assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 2");
                    assertThat(client.get(Node.TWO, "/open/visit")).isEqualTo("null 3");
                    assertThat(client.logIn(Node.TWO, "/members/visit")).isEqualTo("alice 4");
                    assertThat(client.get(Node.ONE, "/open/visit")).endsWith(" 5");
                    assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 6");
                    client.get(Node.ONE, "/open/logout"); // a logout in one mode is a logout in the other
                    assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("please log in");
                    assertThat(client.get(Node.ONE, "/open/invalidate")).isEqualTo("null null");
                    assertThat(client.get(Node.TWO, "/open/who")).isEqualTo("null null");
                },
                FILTER,
                CONTAINER);
    }

    @Test
    void closesAWebSocketWithItsSession() throws Exception {
        with(
                () -> {
                    LoginClient client = new LoginClient("/shop");
                    client.get(Node.ONE, "/session/count");
                    try (WebSocketClient socket = new WebSocketClient(client.url(Node.ONE, "/chat"), client.token())) {
                        assertThat(socket.asks("count")).isEqualTo("1");
                        client.get(Node.ONE, "/session/change-id");
                        assertThat(socket.asks("count")).isEqualTo("1");
                        client.get(Node.ONE, "/session/invalidate");
                        assertThat(socket.closeCode()).isEqualTo(1008);
                    }
                },
                SHOP);
    }

    @Test
    void leavesNoClassLoaderAndNoThreadAfterTwentyDeployments() throws Exception {
        with(() -> visitOnce(), REDEPLOYED);
        int threads = JvmOfNode.threads(Node.TWO).size();
        for (int i = 0; i < 20; i++) {
            with(() -> visitOnce(), REDEPLOYED);
        }
        JvmOfNode.assertFewAreLeft(Node.TWO, "io.gatehouse.internal.web.RequestGuard");
        assertThat(JvmOfNode.threads(Node.TWO)).hasSizeLessThan(threads + 20);
    }

    private static void visitOnce() {
        assertThat(new LoginClient("/redeployed").logIn(Node.TWO, "/members/visit"))
                .isEqualTo("alice 1");
    }
}
