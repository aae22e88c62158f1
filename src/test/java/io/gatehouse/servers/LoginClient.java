package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** A client of one session that logs in at any node, and fails if the server sets a session cookie of its own. */
public final class LoginClient {
    private final Browser browser = new Browser();
    private final String application;

    public LoginClient(String application) {
        this.application = application;
    }

    public Answer send(String node, String path) {
        return checked(browser.get(url(node, path)));
    }

    /** Returns the body of a response. Any status except 200 fails the test. */
    public String get(String node, String path) {
        Answer answer = send(node, path);
        assertThat(answer.status()).as("%s says %s", path, answer.body()).isEqualTo(200);
        return answer.body();
    }

    public Answer post(String node, String path, String form) {
        return checked(browser.post(url(node, path), form));
    }

    /** Submits the login form of the server. */
    public Answer submit(String node, String user, String password) {
        return post(node, "/j_security_check", "j_username=" + user + "&j_password=" + password);
    }

    /** Requests a protected page of a node, and logs in there. */
    public String logIn(String node, String page) {
        assertThat(get(node, page)).isEqualTo("please log in");
        Answer answer = submit(node, "alice", "alice");
        assertThat(answer.status()).as(answer.body()).isIn(302, 303);
        assertThat(answer.header("location")).endsWith(application + page);
        return get(node, page);
    }

    /** Requests a page with the scheme Basic. */
    public Answer sendAs(String node, String path, String user, String password) {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return checked(browser.send(
                HttpRequest.newBuilder(URI.create(url(node, path))).header("Authorization", "Basic " + credentials)));
    }

    /** Requests a page with the name of the user in a header. */
    public Answer sendWithName(String node, String path, String user) {
        return checked(
                browser.send(HttpRequest.newBuilder(URI.create(url(node, path))).header("X-User", user)));
    }

    public Browser browser() {
        return browser;
    }

    public String token() {
        return browser.token();
    }

    public String url(String node, String path) {
        return Node.url(node, application + path);
    }

    private static Answer checked(Answer answer) {
        assertThat(answer.setCookies())
                .noneMatch(cookie -> cookie.toUpperCase(Locale.ROOT).contains("JSESSIONID"));
        return answer;
    }
}
