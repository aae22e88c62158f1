package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import java.net.URI;
import java.net.http.HttpRequest;

/** A client of an application whose users the server authenticates. Unlike {@link SessionClient}, accepts the server's own cookies. */
final class AuthenticatedClient {
    private final Browser browser = new Browser();
    private final String application;

    AuthenticatedClient(String application) {
        this.application = application;
    }

    Answer send(String path) {
        return browser.get(url(Node.ONE, path));
    }

    /** Returns the body of a response of the first node. Any status except 200 fails the test. */
    String get(String path) {
        return ok(path, send(path));
    }

    /** Returns the body of a response of a node to a request with the name of the user in a header. */
    String getAs(String user, String node, String path) {
        return ok(
                path,
                browser.send(HttpRequest.newBuilder(URI.create(url(node, path))).header("X-User", user)));
    }

    /** Requests a protected page, submits the login form that the server shows instead, and returns the page. */
    String logInByForm(String page) {
        assertThat(send(page).body()).doesNotContain("alice"); // the server remembers the requested page
        Answer answer = browser.post(url(Node.ONE, "/j_security_check"), "j_username=alice&j_password=alice");
        assertThat(answer.status()).isIn(302, 303);
        assertThat(answer.header("location")).endsWith(application + page);
        return get(page);
    }

    String token() {
        return browser.token();
    }

    Browser browser() {
        return browser;
    }

    private String url(String node, String path) {
        return Node.url(node, application + path);
    }

    private static String ok(String path, Answer answer) {
        assertThat(answer.status()).as("%s says %s", path, answer.body()).isEqualTo(200);
        return answer.body();
    }
}
