package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.plain.CountServlet;
import java.io.IOException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests a WAR without Gatehouse to which {@code server-config/attach.sh} has added it. */
@OnServer
class AttachedWarIT {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive attached() throws IOException, InterruptedException {
        return Wars.attached(ShrinkWrap.create(WebArchive.class, "plain.war").addClass(CountServlet.class));
    }

    @Test
    void storesTheSessionsOfAnAttachedWarInRedis() {
        ServerTestEnvironment.redis().flush();
        SessionClient sessionClient = new SessionClient("/plain");

        assertThat(sessionClient.get(Node.ONE, "/count")).isEqualTo("1");
        assertThat(sessionClient.get(Node.ONE, "/count")).isEqualTo("2");

        assertThat(sessionClient.browser().token())
                .as("the cookie of Gatehouse")
                .isNotEmpty();
        assertThat(ServerTestEnvironment.redis().sessionKey()).startsWith("gatehouse:");
    }
}
