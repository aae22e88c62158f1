package io.gatehouse.servers.payara;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests that the commands of {@code server-config/payara/} have the effects that their comments describe. */
@OnServer
class PostBootIT {
    private final Browser browser = new Browser();

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive built() {
        return Wars.built();
    }

    @Test
    void enablesHealthAndMetricsAndHidesTheServerHeader() {
        Eventually.within(
                Duration.ofSeconds(10),
                () -> assertThat(browser.get(Node.healthUrl(Node.ONE, "ready")).status())
                        .isEqualTo(200));
        Browser.Answer metrics = browser.get(Node.url(Node.ONE, "/metrics"));
        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.header("Server")).isNull();
    }
}
