package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A session from its first request to its end on Redis in a container, in a newer version than the other tests use. Skipped without a
 * container engine.
 */
class RedisInContainerIT {
    private static final int PORT = 6379;
    private static final String IMAGE = System.getenv().getOrDefault("GATEHOUSE_TEST_REDIS_IMAGE", "redis:7-alpine");

    @BeforeEach
    void skipWithoutAnEngine() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            String message = "SKIPPED: no container engine is available, so there is no test on " + IMAGE;
            System.out.println(message);
            Assumptions.abort(message);
        }
        System.out.println("Redis runs in " + IMAGE);
    }

    @Test
    void keepsASessionFromItsFirstRequestToItsEnd() {
        try (GenericContainer<?> redis = new GenericContainer<>(IMAGE)
                .withExposedPorts(PORT)
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1))) {
            redis.start();
            useASession("redis://" + redis.getHost() + ":" + redis.getMappedPort(PORT) + "/0");
        }
    }

    private static void useASession(String url) {
        try (App app = App.with(url)
                .on("/count", (request, response) -> {
                    Object before = request.getSession().getAttribute("count");
                    int now = before instanceof Integer number ? number + 1 : 1;
                    request.getSession().setAttribute("count", now);
                    response.getWriter().print(now);
                })
                .on("/change-id", (request, response) -> response.getWriter().print(request.changeSessionId()))
                .on("/end", (request, response) -> request.getSession().invalidate())
                .start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("1");
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("2");

            String before = browser.token();
            browser.get(app.url("/change-id"));
            assertThat(browser.token()).isNotEqualTo(before);
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("3");

            browser.get(app.url("/end"));
            assertThat(browser.cookie("sid")).isNull();
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("1");
        }
    }
}
