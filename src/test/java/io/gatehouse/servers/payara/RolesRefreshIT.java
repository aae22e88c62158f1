package io.gatehouse.servers.payara;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.LoginClient;
import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests that a user of Payara must log in again when the roles are due to be read again, and keeps the session. */
@OnServer
class RolesRefreshIT {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive application() {
        WebArchive application = Wars.inContainerMode(Wars.guarded("basic.war", "basic-web.xml"));
        return Wars.with(application, "GATEHOUSE_SESSION_ROLES_REFRESH", "5s");
    }

    @Test
    void aUserMustLogInAgainAfterTheTime() {
        LoginClient client = new LoginClient("/basic");
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 1");
        assertThat(client.sendAs(Node.ONE, "/members/visit", "alice", "alice").body())
                .isEqualTo("alice 2");
        Eventually.within(
                Duration.ofSeconds(60),
                () -> assertThat(client.send(Node.ONE, "/members/visit").status())
                        .isEqualTo(401));
        assertThat(client.sendAs(Node.ONE, "/members/visit", "alice", "alice").body())
                .matches("alice ([3-9]|\\d\\d+)");
        assertThat(client.get(Node.ONE, "/members/visit")).startsWith("alice ");
    }
}
