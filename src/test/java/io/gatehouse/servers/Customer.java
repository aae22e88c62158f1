package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;

/** A visitor of the shop, who goes from node to node and takes offence at every cookie of the server itself. */
final class Customer {
    private final Browser browser = new Browser();

    /** What the shop says on a node; anything but success is a failure. */
    String asks(String node, String path) {
        return asks(node, path, 200);
    }

    String asks(String node, String path, int status) {
        Browser.Answer answer = browser.get(Node.url(node, "/shop" + path));
        assertThat(answer.setCookies())
                .as("cookies of %s", path)
                .noneMatch(cookie -> cookie.toUpperCase(java.util.Locale.ROOT).contains("JSESSIONID"));
        assertThat(answer.status()).as("%s says %s", path, answer.body()).isEqualTo(status);
        return answer.body();
    }

    Browser browser() {
        return browser;
    }
}
