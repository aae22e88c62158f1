package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import java.net.URI;
import java.net.http.HttpRequest;

/** A visitor of an application whose users the server knows; takes the server's cookies as a browser does. */
final class AuthenticatedClient {
    private final Browser browser = new Browser();
    private final String application;

    AuthenticatedClient(String application) {
        this.application = application;
    }

    Answer sees(String path) {
        return browser.get(url(Node.ONE, path));
    }

    /** What the application says on the first node; anything but success is a failure. */
    String asks(String path) {
        return ok(path, sees(path));
    }

    /** The same on any node, with the name of the user in a header. */
    String asksAs(String user, String node, String path) {
        return ok(
                path,
                browser.send(HttpRequest.newBuilder(URI.create(url(node, path))).header("X-User", user)));
    }

    /** Fills in the form that the server shows before a page for members, and comes back to the page. */
    String logsInByForm(String page) {
        assertThat(sees(page).body()).doesNotContain("alice"); // has asked for the page, which the server keeps in mind
        Answer answer = browser.post(url(Node.ONE, "/j_security_check"), "j_username=alice&j_password=alice");
        assertThat(answer.status()).isIn(302, 303);
        assertThat(answer.header("location")).endsWith(application + page);
        return asks(page);
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
