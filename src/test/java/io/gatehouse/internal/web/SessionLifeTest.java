package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import org.junit.jupiter.api.Test;

/** A session from its first request to its end, over HTTP and a real Redis. */
@RedisTest
class SessionLifeTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @Test
    void aSessionKeepsAttributesAcrossRequests() {
        try (App app = App.with(REDIS.url())
                .on("/count", (request, response) -> {
                    Integer before = (Integer) request.getSession().getAttribute("n");
                    int now = before == null ? 1 : before + 1;
                    request.getSession().setAttribute("n", now);
                    response.getWriter().print(now);
                })
                .start()) {
            Browser browser = new Browser();
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("1");
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("2");
            assertThat(browser.get(app.url("/count")).body()).isEqualTo("3");
        }
    }
}
