package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users of the server, who log in by a form or by {@code login()}: the server remembers them, in its own session or by its own cookie. */
@OnServer
class FormLogInIT {
    private AuthenticatedClient authenticatedClient = new AuthenticatedClient("/guarded");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive guarded() {
        return Wars.guarded();
    }

    @BeforeEach
    void forgetAll() {
        ServerTestEnvironment.redis().flush();
        authenticatedClient = new AuthenticatedClient("/guarded");
    }

    private static String sessionsOfAlice() {
        return new AuthenticatedClient("/guarded").asks("/open/sessions?user=alice");
    }

    private void assertNobodyIsLoggedIn() {
        assertThat(authenticatedClient.asks("/open/who")).isEqualTo("null null");
        assertThat(authenticatedClient.asks("/open/container")).isEqualTo("none");
        assertThat(authenticatedClient.sees("/members/visit").body()).doesNotContain("alice");
    }

    @Test
    void theFormChangesTheIdKeepsTheRestAndFilesTheSession() {
        assertThat(authenticatedClient.asks("/open/visit")).isEqualTo("null 1");
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.logsInByForm("/members/visit")).isEqualTo("alice 2");
        String after = authenticatedClient.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(sessionsOfAlice()).isEqualTo("1");

        assertThat(authenticatedClient.asks("/members/visit")).isEqualTo("alice 3");
        assertThat(authenticatedClient.asks("/open/visit")).isEqualTo("alice 4");
        assertThat(authenticatedClient.token()).isEqualTo(after);
    }

    @Test
    void theEndOfTheSessionIsTheEndOfTheLogInByForm() {
        authenticatedClient.logsInByForm("/members/visit");
        assertThat(authenticatedClient.asks("/open/invalidate")).isEqualTo("alice null"); // at the end of this request
        assertNobodyIsLoggedIn();
        assertThat(sessionsOfAlice()).isEqualTo("0");
    }

    @Test
    void anEndByAnAdministratorIsTheEndOfTheLogInToo() {
        authenticatedClient.logsInByForm("/members/visit");
        new AuthenticatedClient("/guarded").asks("/open/terminate?user=alice");

        assertThat(authenticatedClient.sees("/members/visit").status()).isEqualTo(302);
        assertNobodyIsLoggedIn();
        assertThat(authenticatedClient.logsInByForm("/members/visit")).isEqualTo("alice 1");
    }

    @Test
    void theCallOfLoginChangesTheIdKeepsTheRestAndFilesTheSession() {
        assertThat(authenticatedClient.asks("/open/visit")).isEqualTo("null 1");
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.asks("/open/login?user=alice")).isEqualTo("alice alice");
        assertThat(authenticatedClient.token()).isNotEqualTo(before);
        assertThat(sessionsOfAlice()).isEqualTo("1");

        String user = Server.PAYARA.isUnderTest() ? "null" : "alice"; // it is for the request there, with or without us
        assertThat(authenticatedClient.asks("/open/visit")).isEqualTo(user + " 2");

        assertThat(authenticatedClient.asks("/open/logout")).isEqualTo("null null");
        assertThat(authenticatedClient.asks("/open/visit")).isEqualTo("null 3");
        assertThat(sessionsOfAlice()).isEqualTo("0");
    }

    @Test
    void theEndOfTheSessionIsTheEndOfTheLogInByCallToo() {
        authenticatedClient.asks("/open/login?user=alice");
        authenticatedClient.asks("/open/visit");
        authenticatedClient.asks("/open/invalidate");
        assertNobodyIsLoggedIn();
    }
}
