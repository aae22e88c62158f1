package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.WebSocketClient;

/** A visitor of the shop, or of another application, who goes from node to node and takes offence at every cookie of the server itself. */
final class SessionClient {
    private final Browser browser = new Browser();
    private final String application;

    SessionClient() {
        this("/shop");
    }

    SessionClient(String application) {
        this.application = application;
    }

    /** What the application says on a node; anything but success is a failure. */
    String asks(String node, String path) {
        return asks(node, path, 200);
    }

    String asks(String node, String path, int status) {
        Browser.Answer answer = browser.get(Node.url(node, application + path));
        assertThat(answer.setCookies())
                .as("cookies of %s", path)
                .noneMatch(cookie -> cookie.toUpperCase(java.util.Locale.ROOT).contains("JSESSIONID"));
        assertThat(answer.status()).as("%s says %s", path, answer.body()).isEqualTo(status);
        return answer.body();
    }

    /** A web socket with the customer's session. */
    WebSocketClient opens(String node, String path) {
        return new WebSocketClient(Node.url(node, application + path), browser.token());
    }

    Browser browser() {
        return browser;
    }
}
