package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.WebSocketClient;

/** A client of one session that sends requests to any node and fails if the server sets a session cookie of its own. */
final class SessionClient {
    private final Browser browser = new Browser();
    private final String application;

    SessionClient() {
        this("/shop");
    }

    SessionClient(String application) {
        this.application = application;
    }

    /** Returns the body of a response of a node. Any status except 200 fails the test. */
    String get(String node, String path) {
        return get(node, path, 200);
    }

    String get(String node, String path, int status) {
        Browser.Answer answer = browser.get(Node.url(node, application + path));
        assertThat(answer.setCookies())
                .as("cookies of %s", path)
                .noneMatch(cookie -> cookie.toUpperCase(java.util.Locale.ROOT).contains("JSESSIONID"));
        assertThat(answer.status()).as("%s says %s", path, answer.body()).isEqualTo(status);
        return answer.body();
    }

    /** Opens a WebSocket with the session of this client. */
    WebSocketClient openWebSocket(String node, String path) {
        return new WebSocketClient(Node.url(node, application + path), browser.token());
    }

    Browser browser() {
        return browser;
    }
}
