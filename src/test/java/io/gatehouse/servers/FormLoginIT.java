package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests users of the server, who log in by a form or by {@code login()} and whom the server remembers in its own session or cookie. */
@OnServer
class FormLoginIT {
    private AuthenticatedClient authenticatedClient = new AuthenticatedClient("/guarded");

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive guarded() {
        return Wars.guarded();
    }

    @BeforeEach
    void reset() {
        ServerTestEnvironment.redis().flush();
        authenticatedClient = new AuthenticatedClient("/guarded");
    }

    private static String sessionsOfAlice() {
        return new AuthenticatedClient("/guarded").get("/open/sessions?user=alice");
    }

    private void assertLoggedOut() {
        assertThat(authenticatedClient.get("/open/who")).isEqualTo("null null");
        assertThat(authenticatedClient.get("/open/container")).isEqualTo("none");
        assertThat(authenticatedClient.send("/members/visit").body()).doesNotContain("alice");
    }

    @Test
    void changesTheIdAtAFormLoginKeepsTheAttributesAndIndexesTheSessionByUser() {
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo("null 1");
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.logInByForm("/members/visit")).isEqualTo("alice 2");
        String after = authenticatedClient.token();
        assertThat(after).isNotEqualTo(before);
        assertThat(sessionsOfAlice()).isEqualTo("1");

        assertThat(authenticatedClient.get("/members/visit")).isEqualTo("alice 3");
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo("alice 4");
        assertThat(authenticatedClient.token()).isEqualTo(after);
    }

    @Test
    void endsAFormLoginWithTheSession() {
        authenticatedClient.logInByForm("/members/visit");
        assertThat(authenticatedClient.get("/open/invalidate"))
                .isEqualTo("alice null"); // the login ends with this request
        assertLoggedOut();
        assertThat(sessionsOfAlice()).isEqualTo("0");
    }

    @Test
    void endsTheLoginWhenAnAdministratorEndsTheSession() {
        authenticatedClient.logInByForm("/members/visit");
        new AuthenticatedClient("/guarded").get("/open/terminate?user=alice");

        assertThat(authenticatedClient.send("/members/visit").status()).isEqualTo(302);
        assertLoggedOut();
        assertThat(authenticatedClient.logInByForm("/members/visit")).isEqualTo("alice 1");
    }

    @Test
    void changesTheIdAtACallOfLoginKeepsTheAttributesAndIndexesTheSessionByUser() {
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo("null 1");
        String before = authenticatedClient.token();
        assertThat(authenticatedClient.get("/open/login?user=alice")).isEqualTo("alice alice");
        assertThat(authenticatedClient.token()).isNotEqualTo(before);
        assertThat(sessionsOfAlice()).isEqualTo("1");

        String user = Server.PAYARA.isUnderTest()
                ? "null"
                : "alice"; // valid for the request only there, with or without Gatehouse
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo(user + " 2");

        assertThat(authenticatedClient.get("/open/logout")).isEqualTo("null null");
        assertThat(authenticatedClient.get("/open/visit")).isEqualTo("null 3");
        assertThat(sessionsOfAlice()).isEqualTo("0");
    }

    @Test
    void endsALoginByCallWithTheSession() {
        authenticatedClient.get("/open/login?user=alice");
        authenticatedClient.get("/open/visit");
        authenticatedClient.get("/open/invalidate");
        assertLoggedOut();
    }
}
