package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests an application whose {@code web.xml} is metadata-complete, so that the server ignores annotations and fragments. */
@OnServer
class MetadataCompleteApplicationIT extends SessionLife {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive shop() {
        return Wars.shop("metadata-complete-web.xml");
    }

    @Test
    void schedulesTasksByTheManagedExecutor() {
        Eventually.within(
                Duration.ofSeconds(45), // it first waits 30 seconds for an EJB timer
                () -> assertThat(new SessionClient().get(Node.ONE, "/session/driver"))
                        .isEqualTo("MANAGED_EXECUTOR"));
    }
}
