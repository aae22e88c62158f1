package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.guarded.EveryRequest;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests an authentication mechanism that authenticates each request, on two nodes. */
@OnServer
class MechanismIT {
    private AuthenticatedClient authenticatedClient = new AuthenticatedClient("/each");
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.guardedBy(EveryRequest.class, "each");
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.guardedBy(EveryRequest.class, "each");
    }

    @BeforeEach
    void reset() {
        if (!started) {
            Node.start(controller);
            started = true;
        }
        ServerTestEnvironment.redis().flush();
        authenticatedClient = new AuthenticatedClient("/each");
    }

    private static String sessionsOf(String user) {
        return new AuthenticatedClient("/each").get("/open/sessions?user=" + user);
    }

    @Test
    void changesTheIdAtEachNewUserKeepsTheAttributesAndIndexesTheSessionByUser() {
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo("null 1");
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.getAs("alice", Node.ONE, "/members/visit"))
                .isEqualTo("alice 2");
        String after = authenticatedClient.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(authenticatedClient.getAs("alice", Node.TWO, "/members/visit"))
                .isEqualTo("alice 3");
        assertThat(authenticatedClient.token()).isEqualTo(after);
        assertThat(sessionsOf("alice")).isEqualTo("1");

        assertThat(authenticatedClient.getAs("bob", Node.TWO, "/members/visit")).isEqualTo("bob 4");
        assertThat(authenticatedClient.token()).isNotEqualTo(after);
        assertThat(sessionsOf("alice")).isEqualTo("0");
        assertThat(sessionsOf("bob")).isEqualTo("1");
    }

    @Test
    void changesTheIdAtACallOfAuthenticate() {
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo("null 1");
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.getAs("alice", Node.ONE, "/open/authenticate"))
                .isEqualTo("alice 2");
        assertThat(authenticatedClient.token()).isNotEqualTo(before);
        assertThat(sessionsOf("alice")).isEqualTo("1");
        assertThat(authenticatedClient.send("/open/authenticate").status()).isEqualTo(401);
    }

    @Test
    void endsTheLoginWithTheSession() {
        authenticatedClient.getAs("alice", Node.ONE, "/members/visit");
        assertThat(authenticatedClient.getAs("alice", Node.TWO, "/open/invalidate"))
                .isEqualTo("alice null");
        assertThat(authenticatedClient.get("/open/who")).isEqualTo("null null");
        assertThat(authenticatedClient.get("/open/container")).isEqualTo("none");
        assertThat(authenticatedClient.send("/members/visit").status()).isEqualTo(401);
        assertThat(sessionsOf("alice")).isEqualTo("0");
    }

    @Test
    void acceptsTheUserAgainAfterAnAdministratorEndedTheSession() {
        authenticatedClient.getAs("alice", Node.ONE, "/members/visit");
        new AuthenticatedClient("/each").get("/open/terminate?user=alice");
        assertThat(authenticatedClient.get("/open/who")).isEqualTo("null null");
        assertThat(authenticatedClient.getAs("alice", Node.TWO, "/members/visit"))
                .isEqualTo("alice 1");
    }
}
