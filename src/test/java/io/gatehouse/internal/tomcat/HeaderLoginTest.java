package io.gatehouse.internal.tomcat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** BASIC and DIGEST authentication and {@code login()} on two nodes that share the sessions of Gatehouse. */
@RedisTest
class HeaderLoginTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final Browser browser = new Browser();

    @BeforeEach
    void forgetFailures() {
        REDIS.flush();
    }

    private static HttpRequest.Builder basic(String url, String user, String password) {
        return HttpRequest.newBuilder(URI.create(url))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)));
    }

    private static App.Builder withLogin(App.Builder app) {
        return app.on("/login", (request, response) -> {
                    request.login("root", "root");
                    request.getSession();
                })
                .on("/session-first", (request, response) -> {
                    request.getSession();
                    request.login("root", "root");
                })
                .on("/only-login", (request, response) -> request.login("root", "root"));
    }

    @Test
    void aUserOfBasicWithASessionIsKnownOnTheOtherNode() {
        try (App one = ServerUsers.basic(REDIS.url()).start();
                App two = ServerUsers.basic(REDIS.url()).start()) {
            browser.get(one.url("/make"));
            String before = browser.token();
            assertThat(browser.send(basic(one.url("/member/who"), "alice", "alice"))
                            .body())
                    .isEqualTo("alice true false BASIC");
            assertThat(browser.token()).isNotEqualTo(before);
            assertThat(browser.get(two.url("/member/who")).body()).isEqualTo("alice true false BASIC");
            assertThat(browser.get(two.url("/cart")).body()).isEqualTo("apples");
            assertThat(new Browser()
                            .withCookie("sid", before)
                            .get(two.url("/member/who"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void basicWithoutASessionCreatesNone() {
        try (App one = ServerUsers.basic(REDIS.url()).start()) {
            Browser.Answer answer = browser.send(basic(one.url("/member/who"), "alice", "alice"));
            assertThat(answer.body()).startsWith("alice");
            assertThat(answer.setCookies()).noneMatch(cookie -> cookie.startsWith("sid="));
        }
    }

    @Test
    void failuresOfBasicAreCountedAndLockedOutUnseenByTheAuthenticator() {
        try (App one = ServerUsers.basic(REDIS.url())
                .set("GATEHOUSE_LOGIN_FREE_FAILURES", "2")
                .start()) {
            for (int i = 0; i < 2; i++) {
                assertThat(browser.send(basic(one.url("/member/who"), "alice", "no"))
                                .status())
                        .isEqualTo(401);
            }
            assertThat(browser.send(basic(one.url("/member/who"), "alice", "alice"))
                            .status())
                    .isEqualTo(429);
            assertThat(browser.send(basic(one.url("/member/who"), "bob", "bob")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aLoginByTheApplicationIsKnownOnTheOtherNode() {
        try (App one = withLogin(ServerUsers.basic(REDIS.url())).start();
                App two = withLogin(ServerUsers.basic(REDIS.url())).start()) {
            for (String path : new String[] {"/login", "/session-first"}) {
                Browser fresh = new Browser();
                fresh.get(one.url(path));
                assertThat(fresh.get(two.url("/member/who")).body()).as(path).isEqualTo("root true true BASIC");
            }
            browser.get(one.url("/make"));
            String before = browser.token();
            browser.get(one.url("/only-login"));
            assertThat(browser.token()).isNotEqualTo(before);
            assertThat(browser.get(two.url("/member/who")).body()).isEqualTo("root true true BASIC");
            browser.get(two.url("/logout"));
            assertThat(browser.get(one.url("/member/who")).status()).isEqualTo(401);
        }
    }

    /** Each node remembers its own nonces, so it asks a client that comes from another node once more. That is no failed login. */
    @Test
    void digestAsksAgainOnTheOtherNodeWithoutCountingAFailure() {
        try (App one = ServerUsers.digest(REDIS.url())
                        .set("GATEHOUSE_LOGIN_FREE_FAILURES", "1")
                        .start();
                App two = ServerUsers.digest(REDIS.url())
                        .set("GATEHOUSE_LOGIN_FREE_FAILURES", "1")
                        .start()) {
            String challenge = challenge(browser.get(one.url("/member/who")));
            for (int i = 1; i <= 3; i++) {
                assertThat(browser.send(digest(one, challenge, i)).body()).startsWith("alice true");
                Browser.Answer elsewhere = browser.send(digest(two, challenge, i));
                assertThat(elsewhere.status()).isEqualTo(401);
                assertThat(challenge(elsewhere)).contains("stale=true");
                assertThat(browser.send(digest(two, challenge(elsewhere), 1)).body())
                        .startsWith("alice true");
            }
        }
    }

    private static String challenge(Browser.Answer answer) {
        return Objects.requireNonNull(answer.headers().get("www-authenticate")).stream()
                .filter(line -> line.contains("MD5"))
                .findFirst()
                .orElseGet(() -> Objects.requireNonNull(answer.header("www-authenticate")));
    }

    private static HttpRequest.Builder digest(App node, String challenge, int count) {
        String algorithm = parameter(challenge, "algorithm");
        String nonce = parameter(challenge, "nonce");
        String hash = algorithm.isEmpty() ? "MD5" : algorithm;
        String ha1 = hash(hash, "alice:" + ServerUsers.REALM + ":alice");
        String ha2 = hash(hash, "GET:/member/who");
        String nc = String.format("%08x", count);
        String response = hash(hash, ha1 + ":" + nonce + ":" + nc + ":c0ffee:auth:" + ha2);
        String header = "Digest username=\"alice\", realm=\"" + ServerUsers.REALM + "\", nonce=\"" + nonce
                + "\", uri=\"/member/who\", response=\"" + response + "\", qop=auth, nc=" + nc + ", cnonce=\"c0ffee\""
                + ", opaque=\"" + parameter(challenge, "opaque") + "\""
                + (algorithm.isEmpty() ? "" : ", algorithm=" + algorithm);
        return HttpRequest.newBuilder(URI.create(node.url("/member/who"))).header("Authorization", header);
    }

    private static String parameter(String challenge, String name) {
        Matcher found = Pattern.compile("\\b" + name + "=\"?([^\",]*)").matcher(challenge);
        return found.find() ? found.group(1) : "";
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
