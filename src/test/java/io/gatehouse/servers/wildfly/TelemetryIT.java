package io.gatehouse.servers.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.OtlpReceiver;
import io.gatehouse.servers.OtlpReceiver.ReceivedSpan;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Tests MicroProfile Telemetry of WildFly, which starts the span of a request in JAX-RS. */
@OnServer
class TelemetryIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Browser browser = new Browser();

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "traced", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive traced() {
        return Wars.traced();
    }

    private static ReceivedSpan find(OtlpReceiver collector, String name) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        name + " is not in " + collector.spans() + ", problems: " + collector.problems()));
    }

    @Test
    void spansOfGatehouseAndOfTheServerAreInOneTrace() {
        try (OtlpReceiver collector = new OtlpReceiver()) {
            Node.start(
                    controller,
                    Node.arguments(Node.TWO) + " -Dotel.sdk.disabled=false -Dotel.exporter.otlp.protocol=http/protobuf"
                            + " -Dotel.exporter.otlp.endpoint=" + collector.url()
                            + " -Dotel.bsp.schedule.delay=200 -Dotel.metric.export.interval=1000",
                    "standalone-microprofile.xml");

            assertThat(browser.get(Node.url(Node.TWO, "/traced/session/count")).body())
                    .isEqualTo("1");
            assertThat(browser.get(Node.url(Node.TWO, "/traced/session/count")).body())
                    .isEqualTo("2");
            assertThat(browser.get(Node.url(Node.TWO, "/traced/api/v1/core/hello"))
                            .status())
                    .isEqualTo(200);
            Eventually.within(SOON, () -> {
                ReceivedSpan load = find(collector, "gatehouse.session.load");
                assertThat(load.scope()).isEqualTo("io.gatehouse");
                assertThat(collector.parentOf(load).map(ReceivedSpan::name)).hasValue("gatehouse.request");
                ReceivedSpan save = find(collector, "gatehouse.session.save");
                assertThat(collector.parentOf(save).map(ReceivedSpan::name)).hasValue("gatehouse.request");
                assertThat(collector.parentOf(find(collector, "EVALSHA save")).map(ReceivedSpan::name))
                        .hasValue("gatehouse.session.save");
                assertThat(collector.spans()).as("the span of the server").anySatisfy(span -> {
                    assertThat(span.scope()).isNotEqualTo("io.gatehouse");
                    assertThat(collector.parentOf(span).map(ReceivedSpan::name)).hasValue("gatehouse.request");
                });
                assertThat(collector.metrics())
                        .contains("gatehouse.sessions.started", "gatehouse.redis.command", "gatehouse.redis.up");
            });
        }
    }
}
