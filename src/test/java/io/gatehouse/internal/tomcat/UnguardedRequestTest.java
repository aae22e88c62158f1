package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;

/** Requests whose session a request listener has asked for, and which then do not reach the valve of Gatehouse. */
@RedisTest
class UnguardedRequestTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    private static final class Denying extends ValveBase {
        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            if (request.getDecodedRequestURI().equals("/denied")) {
                response.sendError(403);
            } else {
                getNext().invoke(request, response);
            }
        }
    }

    private static final class Asking implements ServletRequestListener {
        @Override
        public void requestInitialized(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            if (request.getSession(false) != null && request.getRequestURI().equals("/broken")) {
                throw new IllegalStateException("a broken listener");
            }
        }
    }

    private static App start() {
        return App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_INTEGRATION", "container")
                .customize(context -> {
                    context.getPipeline().addValve(new Denying());
                    ((StandardContext) context).addApplicationEventListener(new Asking());
                })
                .on("/make", (request, response) -> request.getSession().setAttribute("cart", "apples"))
                .start();
    }

    @Test
    void aRequestThatAnEarlierValveAnswersIsReleased() {
        try (App app = start()) {
            browser.get(app.url("/make"));
            assertThat(browser.get(app.url("/denied")).status()).isEqualTo(403);
            Eventually.holds(
                    "released",
                    Duration.ofSeconds(5),
                    () -> app.gatehouse().sessions().inUse() == 0);
        }
    }

    @Test
    void aRequestWhoseListenerFailsIsReleased() {
        try (App app = start()) {
            browser.get(app.url("/make"));
            assertThat(browser.get(app.url("/broken")).status()).isEqualTo(500);
            Eventually.holds(
                    "released",
                    Duration.ofSeconds(5),
                    () -> app.gatehouse().sessions().inUse() == 0);
        }
    }
}
