package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser.Answer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests BASIC by an annotation of Jakarta Security, which web.xml does not show, while the server uses the sessions of Gatehouse. */
@OnServer
class AnnotatedBasicIT {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive annotated() {
        return Wars.inContainerMode(Wars.guardedByAnnotation());
    }

    @BeforeEach
    void reset() {
        ServerTestEnvironment.redis().flush();
    }

    private static Answer send(LoginClient client, String path, String user, String password) {
        return client.sendAs(Node.ONE, path, user, password);
    }

    @Test
    void countsFailedCredentialsAndLocksTheAccount() {
        LoginClient owner = new LoginClient("/annotated");
        for (int i = 1; i <= 10; i++) { // successes do not count
            assertThat(send(owner, "/members/visit", "alice", "alice").body()).isEqualTo("alice " + i);
        }
        LoginClient attacker = new LoginClient("/annotated");
        for (int i = 0; i < 5; i++) {
            Answer wrong = send(attacker, "/members/visit", "alice", "wrong");
            assertThat(wrong.status()).as(wrong.body()).isEqualTo(401);
        }
        Answer locked = send(attacker, "/members/visit", "alice", "alice");
        assertThat(locked.status()).as(locked.body()).isEqualTo(429);
        assertThat(locked.body()).contains("abnormal-usage-detected");
    }

    @Test
    void countsNoCredentialsThatWereNotRefused() {
        LoginClient client = new LoginClient("/annotated");
        for (int i = 1; i <= 10; i++) { // the mechanism lets all clients see an open page
            assertThat(send(client, "/open/who", "bob", "wrong").body()).isEqualTo("null null");
        }
        for (int i = 1; i <= 10; i++) { // a request without credentials
            assertThat(client.send(Node.ONE, "/members/visit").status()).isEqualTo(401);
        }
        assertThat(send(client, "/members/visit", "bob", "bob").body()).isEqualTo("bob 1");
    }
}
