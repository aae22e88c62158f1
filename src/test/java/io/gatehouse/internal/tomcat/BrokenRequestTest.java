package io.gatehouse.internal.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSessionIdListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.apache.catalina.authenticator.AuthenticatorBase;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;

/** Tests that a request that fails around the authenticator of Tomcat releases its session. */
@RedisTest
class BrokenRequestTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    /** A valve in front of the application that passes a response on which takes no headers, once it is broken. */
    private static final class HeaderRefusal extends ValveBase {
        private volatile boolean broken;

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, broken ? refusing(response) : response);
        }

        private static Response refusing(Response response) {
            Response refusing = new Response(response.getCoyoteResponse()) {
                @Override
                public HttpServletResponse getResponse() {
                    return new HttpServletResponseWrapper(response.getResponse()) {
                        @Override
                        public void setHeader(String name, String value) {
                            throw new IllegalStateException("takes no header " + name);
                        }
                    };
                }
            };
            refusing.setRequest(response.getRequest());
            return refusing;
        }
    }

    @Test
    void aRequestWhoseLimitsCannotBeReportedIsReleased() {
        HeaderRefusal refusal = new HeaderRefusal();
        try (App app = ServerUsers.basic(REDIS.url())
                .set("GATEHOUSE_RATE_LIMITS", "all.match = /*\nall.level = ip\nall.limit = 1000/hour")
                .customize(context -> context.getParent().getPipeline().addValve(refusal))
                .start()) {
            browser.get(app.url("/make"));
            refusal.broken = true;
            assertThat(browser.get(app.url("/cart")).status()).isEqualTo(500);
            assertReleased(app);
            refusal.broken = false;
            assertThat(browser.get(app.url("/cart")).body()).isEqualTo("apples");
        }
    }

    /** The authenticator does not change the id, so that Gatehouse does after it, although the request goes no further. */
    @Test
    void aRequestWhoseListenerFailsAfterTheAuthenticatorIsReleased() {
        HttpSessionIdListener listener = (event, before) -> {
            throw new AssertionError("a broken listener");
        };
        try (App app = ServerUsers.basic(REDIS.url())
                .customize(context -> {
                    ((AuthenticatorBase) context.getPipeline().getFirst()).setChangeSessionIdOnAuthentication(false);
                    context.addServletContainerInitializer(
                            (classes, application) -> application.addListener(listener), Set.of());
                })
                .start()) {
            browser.get(app.url("/make"));
            String credentials = Base64.getEncoder().encodeToString("alice:alice".getBytes(StandardCharsets.UTF_8));
            assertThat(browser.send(HttpRequest.newBuilder(URI.create(app.url("/boss/only")))
                                    .header("Authorization", "Basic " + credentials))
                            .status())
                    .isIn(403, 500);
            assertReleased(app);
        }
    }

    private static void assertReleased(App app) {
        Eventually.holds(
                "the session is released",
                Duration.ofSeconds(10),
                () -> app.gatehouse().sessions().inUse() == 0);
    }
}
