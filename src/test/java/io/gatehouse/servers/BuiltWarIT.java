package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Tests the built WAR and the health that it reports while Redis stops and restarts. */
@OnServer
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BuiltWarIT {
    /** The health monitor probes once a second here; the rest allows for a slow machine. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Browser browser = new Browser();

    @ArquillianResource
    Deployer deployer;

    @Deployment(name = "built", managed = false, testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive built() {
        return Wars.built();
    }

    @Test
    @Order(1)
    void deploysWhileRedisIsUnavailable() throws IOException {
        ServerTestEnvironment.redis().process().stop();
        try {
            deployer.deploy("built");
            assertHealth(503, "DOWN");
        } finally {
            ServerTestEnvironment.redis().process().restart();
        }
        Eventually.within(SOON, () -> assertHealth(200, "UP"));
    }

    @Test
    @Order(2)
    void reportsThatRedisIsDownAndUpAgain() throws IOException {
        assertHealth(200, "UP");
        ServerTestEnvironment.redis().process().stop();
        try {
            Eventually.within(SOON, () -> assertHealth(503, "DOWN"));
            Eventually.within(SOON, () -> assertCheck("ready", "gatehouse-redis/gatehouse", "DOWN"));
            assertCheck("live", "gatehouse-alive/gatehouse", "UP");
            assertProbe("ready", 503, "gatehouse-redis/gatehouse");
            assertProbe("live", 200, "gatehouse-alive/gatehouse");
        } finally {
            ServerTestEnvironment.redis().process().restart();
        }
        Eventually.within(SOON, () -> assertHealth(200, "UP"));
    }

    @Test
    @Order(3)
    void addsItsChecksToTheHealthOfTheServer() {
        Eventually.within(SOON, () -> assertCheck("ready", "gatehouse-redis/gatehouse", "UP"));
        assertCheck("live", "gatehouse-alive/gatehouse", "UP");
        assertCheck("started", "gatehouse-started/gatehouse", "UP");
    }

    @Test
    @Order(3)
    void servesItsOwnProbes() {
        Eventually.within(SOON, () -> assertProbe("ready", 200, "gatehouse-redis/gatehouse"));
        assertProbe("live", 200, "gatehouse-alive/gatehouse");
        assertProbe("started", 200, "gatehouse-started/gatehouse");
        for (String name : new String[] {"cache", "system/"}) { // the cache subscribes again a moment after Redis is up
            Eventually.within(
                    SOON,
                    () -> assertThat(browser.get(Node.url(Node.ONE, "/gatehouse/api/v1/core/health/" + name))
                                    .status())
                            .as(name)
                            .isEqualTo(200));
        }
    }

    @Test
    @Order(4)
    void exposesMetricsForPrometheusAndTheServer() {
        for (String path : new String[] {"metrics", "metrics/"}) {
            Browser.Answer answer = browser.get(Node.url(Node.ONE, "/gatehouse/api/v1/core/" + path));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("gatehouse_redis_up{application=\"gatehouse\",purpose=\"sessions\"} 1.0");
        }
        if (Server.PAYARA.isUnderTest()) {
            Browser.Answer server = browser.get(Node.url(Node.ONE, "/metrics"));
            assertThat(server.body())
                    .containsPattern("gatehouse_redis_up\\{[^}]*application=\"gatehouse\"[^}]*} 1\\.0")
                    .containsPattern("gatehouse_session_events_total\\{[^}]*event=\"created\"[^}]*} 0\\.0");
        }
    }

    /** The built-in limits appear in every response that the filter has processed. */
    @Test
    @Order(5)
    void excludesOnlyItsOwnEndpointsFromTheFilter() {
        String header = "RateLimit-Policy";
        for (String path : new String[] {"api/v1/core/health/redis", "api/v1/core/metrics/", "health/live"}) {
            assertThat(browser.get(Node.url(Node.ONE, "/gatehouse/" + path)).header(header))
                    .as(path)
                    .isNull();
        }
        for (String path : new String[] {"api/v1/core/health/nothing", "nothing"}) {
            assertThat(browser.get(Node.url(Node.ONE, "/gatehouse/" + path)).header(header))
                    .as(path)
                    .contains("everything");
        }
    }

    private void assertHealth(int status, String word) {
        for (String path : new String[] {"redis", "redis/"}) {
            Browser.Answer answer = browser.get(Node.url(Node.ONE, "/gatehouse/api/v1/core/health/" + path));
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.body()).contains("\"status\":\"" + word + "\"");
        }
    }

    private void assertProbe(String which, int status, String name) {
        Browser.Answer answer = browser.get(Node.url(Node.ONE, "/gatehouse/health/" + which));
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"name\":\"" + name + "\"");
    }

    private void assertCheck(String which, String name, String status) {
        Browser.Answer answer = browser.get(Node.healthUrl(Node.ONE, which));
        assertThat(answer.status()).as(answer.body()).isEqualTo(status.equals("UP") ? 200 : 503);
        assertThat(answer.body())
                .containsPattern("\"name\" ?: ?\"" + name + "\"\\s*,\\s*\"status\" ?: ?\"" + status + "\"");
    }
}
