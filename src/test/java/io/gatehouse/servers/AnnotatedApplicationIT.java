package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests sessions in an application whose servlets and filters are found by their annotations. */
@OnServer
class AnnotatedApplicationIT extends SessionContract {

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive shop() {
        return Wars.shop();
    }

    @Test
    void schedulesTasksByTheEjbTimer() {
        Eventually.within(
                Duration.ofSeconds(15),
                () -> assertThat(new SessionClient().get(Node.ONE, "/session/driver"))
                        .isEqualTo("EJB_TIMER"));
    }
}
