package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** An application whose {@code web.xml} says that it is all there is, so that no annotation and no fragment counts. */
@OnServer
class MetadataCompleteApplicationIT extends SessionLife {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive shop() {
        return Wars.shop("metadata-complete-web.xml");
    }

    @Test
    void isDrivenByTheManagedExecutor() {
        Eventually.within(
                Duration.ofSeconds(45), // 30 of them it waits for an EJB timer
                () -> assertThat(new SessionClient().asks(Node.ONE, "/session/driver"))
                        .isEqualTo("MANAGED_EXECUTOR"));
    }
}
