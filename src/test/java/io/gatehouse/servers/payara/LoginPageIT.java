package io.gatehouse.servers.payara;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.servers.LoginClient;
import io.gatehouse.servers.Node;
import io.gatehouse.servers.OnServer;
import io.gatehouse.servers.ServerTestEnvironment;
import io.gatehouse.servers.Wars;
import io.gatehouse.testing.Browser.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what Payara answers in place of a page that needs a login, while it uses the sessions of Gatehouse. The login page is excluded. */
@OnServer
class LoginPageIT {
    private LoginClient client = new LoginClient("/slow");
    private boolean started;

    @ArquillianResource
    ContainerController controller;

    @Deployment(name = "first", testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive first() {
        return Wars.guardedWithExcludedPage();
    }

    @Deployment(name = "second", testable = false)
    @TargetsContainer(Node.TWO)
    static WebArchive second() {
        return Wars.guardedWithExcludedPage();
    }

    @BeforeEach
    void reset() {
        if (!started) {
            Node.start(controller, Node.arguments(Node.TWO), "standalone-gatehouse.xml");
            started = true;
        }
        ServerTestEnvironment.redis().flush();
        client = new LoginClient("/slow");
    }

    /** The page changes the id of the session. The client may go on at the other node before it has the whole page. */
    @Test
    void storesTheSessionBeforeTheFirstByteOfAnExcludedLoginPage() throws IOException, InterruptedException {
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 1");
        HttpResponse<InputStream> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(client.url(Node.ONE, "/members/visit")))
                                .header("Cookie", "sid=" + client.token())
                                .header("X-Slow", "yes")
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow();
        client.browser().withCookie("sid", cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')));
        Answer login = client.submit(Node.TWO, "alice", "alice");
        assertThat(login.header("location")).endsWith("/slow/members/visit");
        assertThat(client.get(Node.TWO, "/members/visit")).isEqualTo("alice 2");
        client.get(Node.ONE, "/page/release");
        try (InputStream rest = page.body()) {
            assertThat(rest.readAllBytes()).isNotEmpty();
        }
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 3");
    }

    /** Payara keeps bodies of up to 4 KB by default. It fails to keep a larger one, and then sends an empty response, in either mode. */
    @ParameterizedTest
    @ValueSource(ints = {10_000, 3_000_000})
    void survivesABodyThatIsTooLargeToWaitForTheLogin(int size) {
        assertThat(client.get(Node.ONE, "/open/visit")).isEqualTo("null 1");
        String form = "text=" + "x".repeat(size);
        assertThat(client.post(Node.ONE, "/members/say", form).body()).isEmpty();
        assertThat(client.get(Node.TWO, "/open/visit")).as("the session stays").isEqualTo("null 2");
        assertThat(client.logIn(Node.TWO, "/members/visit")).isEqualTo("alice 3");
        assertThat(client.post(Node.ONE, "/members/say", "text=hello").body()).isEqualTo("alice posts hello");
        assertThat(client.get(Node.ONE, "/members/visit")).isEqualTo("alice 4");

        LoginClient stranger = new LoginClient("/slow");
        assertThat(stranger.post(Node.ONE, "/members/say", form).body()).isEmpty();
        assertThat(stranger.logIn(Node.ONE, "/members/visit")).isEqualTo("alice 1");
    }
}
