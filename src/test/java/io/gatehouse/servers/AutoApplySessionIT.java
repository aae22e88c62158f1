package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.guarded.Once;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests an authentication mechanism that authenticates once and lets the server remember it: {@code @AutoApplySession}. */
@OnServer
class AutoApplySessionIT {
    private AuthenticatedClient authenticatedClient = new AuthenticatedClient("/once");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive once() {
        return Wars.guardedBy(Once.class, "once");
    }

    @BeforeEach
    void reset() {
        ServerTestEnvironment.redis().flush();
        authenticatedClient = new AuthenticatedClient("/once");
    }

    private void assertLoggedOut() {
        assertThat(authenticatedClient.get("/open/who")).isEqualTo("null null");
        assertThat(authenticatedClient.get("/open/container")).isEqualTo("none");
        assertThat(authenticatedClient.send("/members/visit").status()).isEqualTo(401);
    }

    @Test
    void changesTheIdAtLoginKeepsTheAttributesAndIndexesTheSessionByUser() {
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo("null 1");
        assertThat(authenticatedClient.send("/members/visit").status()).isEqualTo(401);
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.getAs("alice", Node.ONE, "/members/visit"))
                .isEqualTo("alice 2");
        String after = authenticatedClient.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(authenticatedClient.get("/open/sessions?user=alice")).isEqualTo("1");

        assertThat(authenticatedClient.get("/members/visit")).isEqualTo("alice 3");
        assertThat(authenticatedClient.get("/open/authenticate")).isEqualTo("alice 4");
        assertThat(authenticatedClient.token()).isEqualTo(after);
    }

    @Test
    void endsTheLoginWithTheSession() {
        authenticatedClient.getAs("alice", Node.ONE, "/open/authenticate");
        assertThat(authenticatedClient.get("/members/visit")).isEqualTo("alice 2");
        authenticatedClient.get("/open/invalidate");
        assertLoggedOut();
    }

    @Test
    void endsTheLoginWhenAnAdministratorEndsTheSession() {
        authenticatedClient.getAs("alice", Node.ONE, "/members/visit");
        new AuthenticatedClient("/once").get("/open/terminate?user=alice");

        assertThat(authenticatedClient.send("/members/visit").status()).isEqualTo(302);
        assertLoggedOut();
        assertThat(authenticatedClient.getAs("alice", Node.ONE, "/members/visit"))
                .isEqualTo("alice 1");
    }
}
