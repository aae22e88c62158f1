package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.app.Chat;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.WebSocketClient;
import java.util.Set;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.Test;

/** WebSockets on Tomcat; {@code SessionLife} tests them on the other servers. */
class WebSocketTest {

    @Test
    void theHandshakeSeesTheSessionAndTheSocketKeepsItAlive() {
        try (TestRedis redis = TestRedis.start();
                App app = App.with(redis.url())
                        .on("/id", (request, response) -> {
                            request.getSession().setAttribute("count", 1);
                            response.getWriter().print(request.getSession().getId());
                        })
                        .on(
                                "/logout",
                                (request, response) -> request.getSession().invalidate())
                        .on(
                                "/",
                                (request, response) ->
                                        response.sendError(404)) // otherwise Tomcat passes other paths to no filter
                        .customize(context -> context.addServletContainerInitializer(new WsSci(), Set.of(Chat.class)))
                        .start()) {
            Browser browser = new Browser();
            String id = browser.get(app.url("/id")).body();
            try (WebSocketClient socket = new WebSocketClient(app.url("/chat"), browser.token())) {
                assertThat(socket.asks("id")).isEqualTo(id);
                assertThat(socket.asks("count")).isEqualTo("1");
                long handshake = Long.parseLong(socket.asks("last use"));
                Eventually.nextMillisecond();
                assertThat(socket.asks("touch")).isEqualTo("true");
                assertThat(Long.parseLong(socket.asks("last use"))).isGreaterThan(handshake);
                browser.get(app.url("/logout"));
                assertThat(socket.asks("touch")).isEqualTo("false");
            }
        }
    }
}
