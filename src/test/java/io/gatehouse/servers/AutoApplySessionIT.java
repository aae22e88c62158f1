package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.guarded.Once;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mechanism of the application's own that asks once, after which the server remembers: {@code @AutoApplySession}. */
@OnServer
class AutoApplySessionIT {
    private AuthenticatedClient authenticatedClient = new AuthenticatedClient("/once");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive once() {
        return Wars.guardedBy(Once.class, "once");
    }

    @BeforeEach
    void forgetAll() {
        ServerTestEnvironment.redis().flush();
        authenticatedClient = new AuthenticatedClient("/once");
    }

    private void assertNobodyIsLoggedIn() {
        assertThat(authenticatedClient.asks("/open/who")).isEqualTo("null null");
        assertThat(authenticatedClient.asks("/open/container")).isEqualTo("none");
        assertThat(authenticatedClient.sees("/members/visit").status()).isEqualTo(401);
    }

    @Test
    void theIdChangesTheRestStaysAndTheSessionIsFiledUnderTheUser() {
        assertThat(authenticatedClient.asks("/open/visit")).isEqualTo("null 1");
        assertThat(authenticatedClient.sees("/members/visit").status()).isEqualTo(401);
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.asksAs("alice", Node.ONE, "/members/visit"))
                .isEqualTo("alice 2");
        String after = authenticatedClient.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(authenticatedClient.asks("/open/sessions?user=alice")).isEqualTo("1");

        assertThat(authenticatedClient.asks("/members/visit")).isEqualTo("alice 3");
        assertThat(authenticatedClient.asks("/open/authenticate")).isEqualTo("alice 4");
        assertThat(authenticatedClient.token()).isEqualTo(after);
    }

    @Test
    void theEndOfTheSessionIsTheEndOfTheLogIn() {
        authenticatedClient.asksAs("alice", Node.ONE, "/open/authenticate");
        assertThat(authenticatedClient.asks("/members/visit")).isEqualTo("alice 2");
        authenticatedClient.asks("/open/invalidate");
        assertNobodyIsLoggedIn();
    }

    @Test
    void anEndByAnAdministratorIsTheEndOfTheLogInToo() {
        authenticatedClient.asksAs("alice", Node.ONE, "/members/visit");
        new AuthenticatedClient("/once").asks("/open/terminate?user=alice");

        assertThat(authenticatedClient.sees("/members/visit").status()).isEqualTo(302);
        assertNobodyIsLoggedIn();
        assertThat(authenticatedClient.asksAs("alice", Node.ONE, "/members/visit"))
                .isEqualTo("alice 1");
    }
}
