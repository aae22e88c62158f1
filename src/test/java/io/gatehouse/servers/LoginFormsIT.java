package io.gatehouse.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that login protection reads login forms of every kind, that the server can still read them, and that five attempts are free. */
@OnServer
class LoginFormsIT {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PARTS =
            "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nalice\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nline\r\n--b--\r\n";

    private int clients;

    @Deployment(testable = false)
    @TargetsContainer(Node.ONE)
    static WebArchive logins() {
        return Wars.logins();
    }

    @BeforeEach
    void reset() {
        ServerTestEnvironment.redis().flush();
    }

    /** Sends a request from a new address, so that only attempts on the account are limited. */
    private Answer send(Browser browser, String method, String path, String type, String body) {
        clients++;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Node.url(Node.ONE, "/logins" + path)))
                .header("X-Forwarded-For", "203.0." + clients / 250 + "." + (1 + clients % 250))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        return browser.send(type.isEmpty() ? request : request.header("Content-Type", type));
    }

    private void assertFiveAttemptsAreFree(String method, String path, String type, String body, String read) {
        for (int i = 0; i < 5; i++) {
            assertThat(send(new Browser(), method, path, type, body).body()).isEqualTo(read);
        }
        assertThat(send(new Browser(), method, path, type, body).status()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', emptyValue = "", textBlock = """
                    POST /parameters application/x-www-form-urlencoded user=alice&password=x alice2
                    POST /parameters?q=1 application/x-www-form-urlencoded user=alice&password=x alice3
                    POST /parameters/below application/x-www-form-urlencoded user=alice alice1
                    POST /parameters/x.css application/x-www-form-urlencoded user=alice alice1
                    POST /parameters;x=1 application/x-www-form-urlencoded user=alice alice1
                    GET /parameters?user=alice '' '' alice1
                    POST /parameters?user=alice '' '' alice1
                    POST /stream application/x-www-form-urlencoded user=alice user=alice
                    POST /stream '' user=alice user=alice
                    PUT /stream application/json {"user":"alice"} {"user":"alice"}
                    POST /reader application/x-www-form-urlencoded user=alice user=alice
                    POST /api/map application/x-www-form-urlencoded user=alice&password=x alicex
                    POST /api/form application/x-www-form-urlencoded user=alice&password=x alicex
                    POST /api/param application/x-www-form-urlencoded user=alice&password=x alicex
                    POST /api/string application/x-www-form-urlencoded user=alice&password=x user=alice&password=x
                    POST /api/stream application/x-www-form-urlencoded user=alice&password=x user=alice&password=x
                    POST /api/string application/json {"user":"alice"} {"user":"alice"}
                    POST /api/stream application/json {"user":"alice"} {"user":"alice"}
                    """)
    void protectsEveryFormAndLeavesItReadable(String method, String path, String type, String body, String read) {
        assertFiveAttemptsAreFree(method, path, type, body, read);
    }

    @Test
    void protectsMultipartFormsAndLeavesThemReadable() {
        assertFiveAttemptsAreFree("POST", "/multipart", "multipart/form-data; boundary=b", PARTS, "alice2");
        assertFiveAttemptsAreFree(
                "POST",
                "/stream",
                "multipart/form-data; boundary=b",
                PARTS.replace("alice", "bob"),
                PARTS.replace("alice", "bob"));
    }

    @Test
    void doesNotCountSuccessfulLogins() {
        for (int i = 0; i < 8; i++) {
            Browser owner = new Browser();
            assertThat(send(owner, "POST", "/parameters", FORM, "user=carol&password=right")
                            .setCookies())
                    .anyMatch(line -> line.startsWith("sid-device=v2."));
        }
    }
}
