package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Forged, modified, foreign and outdated cookies and records: the request continues without a session. */
@RedisTest
class BadInputTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final CountingProxy PROXY = new CountingProxy(REDIS.port());
    private static App app;

    @BeforeAll
    static void start() {
        app = App.with(PROXY.url())
                .set("GATEHOUSE_SESSION_NEW_TIMEOUT", "0") // its field is an unsigned hint, see NewSessionTest
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute("user", request.getParameter("user"));
                    request.getSession()
                            .setAttribute("large", request.getParameter("user").repeat(500));
                    request.getSession().setAttribute("role", "none");
                })
                .on("/promote", (request, response) -> {
                    request.getSession().setAttribute("role", "admin");
                    request.getSession().setAttribute("large", "admin".repeat(500));
                })
                .on("/who", (request, response) -> {
                    var session = request.getSession(false);
                    response.getWriter()
                            .print(
                                    session == null
                                            ? "anonymous"
                                            : session.getAttribute("user") + " " + session.getAttribute("role"));
                })
                .on(
                        "/make",
                        (request, response) ->
                                response.getWriter().print(request.getSession().isNew()))
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .start();
    }

    @AfterAll
    static void stop() {
        app.close();
        PROXY.close();
    }

    @BeforeEach
    void empty() {
        PROXY.takeRoundTrips();
    }

    @Test
    void aForgedCookieIsIgnoredWithoutARoundTripAndGetsNoCookie() {
        String genuine = loggedIn("alice").token();
        String[] parts = genuine.split("\\.", -1);
        String wrongMac = genuine.substring(0, genuine.length() - 43) + "A".repeat(43);
        String otherEpoch = genuine.replace("." + parts[3] + ".", ".1.");
        List<String> forged = List.of(
                "",
                "x",
                genuine.substring(0, genuine.length() - 1),
                genuine + "x",
                wrongMac,
                otherEpoch,
                genuine.replace("v1.", "v2."),
                genuine.replace(".t1.", ".t2."),
                "v1.t1." + "A".repeat(24) + ".0.0." + "A".repeat(43),
                "x".repeat(5000),
                Base64.getUrlEncoder().encodeToString(genuine.getBytes(StandardCharsets.US_ASCII)));
        PROXY.takeRoundTrips();
        for (String cookie : forged) {
            Browser browser = new Browser().withCookie("sid", cookie);
            Answer answer = browser.get(app.url("/who"));
            assertThat(answer.body()).isEqualTo("anonymous");
            assertThat(answer.setCookies()).isEmpty();
        }
        assertThat(PROXY.takeRoundTrips()).isZero();
    }

    @Test
    void aRequestWithAForgedCookieCanCreateASession() {
        Browser browser = new Browser().withCookie("sid", "v1.t1.forged");
        assertThat(browser.get(app.url("/make")).body()).isEqualTo("true");
        assertThat(browser.token()).startsWith("v1.t1.").isNotEqualTo("v1.t1.forged");
        assertThat(browser.get(app.url("/make")).body()).isEqualTo("false");
    }

    @Test
    void ignoresTheCookieOfAnotherApplication() {
        try (App other = App.with(REDIS.url())
                .path("/other")
                .on("/make", (request, response) -> request.getSession())
                .start()) {
            Browser browser = new Browser();
            browser.get(other.url("/make"));
            assertThat(new Browser()
                            .withCookie("sid", browser.token())
                            .get(app.url("/who"))
                            .body())
                    .isEqualTo("anonymous");
        }
    }

    @Test
    void aCookieStaysInvalidAfterLogout() {
        Browser browser = loggedIn("alice");
        String token = browser.token();
        browser.get(app.url("/logout"));
        Answer answer = new Browser().withCookie("sid", token).get(app.url("/who"));
        assertThat(answer.body()).isEqualTo("anonymous");
        assertThat(answer.setCookies()).isEmpty();
    }

    @Test
    void aRedisKeyIsNotAValidCookie() {
        loggedIn("alice");
        String key = REDIS.sessionKey();
        String lookup = key.substring(key.lastIndexOf(':') + 1);
        for (String cookie : List.of(lookup, "v1.t1." + lookup + ".0.0.x")) {
            assertThat(new Browser()
                            .withCookie("sid", cookie)
                            .get(app.url("/who"))
                            .body())
                    .isEqualTo("anonymous");
        }
    }

    @Test
    void usesTheFirstGenuineOfSeveralCookiesWithTheSameName() {
        String token = loggedIn("alice").token();
        Browser browser = new Browser().withCookie("x", "y; sid=forged; sid=" + token + "; sid=more");
        assertThat(browser.get(app.url("/who")).body()).isEqualTo("alice none");
    }

    @Test
    void redisContainsNeitherTheTokenNorTheId() {
        String token = loggedIn("alice").token();
        String id = token.split("\\.", -1)[2];
        String mac = token.split("\\.", -1)[5];
        StringBuilder everything = new StringBuilder();
        for (String key : REDIS.keys()) {
            everything.append(key);
            if (key.contains(":s:")) {
                REDIS.hash(key)
                        .forEach((name, value) -> everything
                                .append(new String(name, StandardCharsets.ISO_8859_1))
                                .append(new String(value, StandardCharsets.ISO_8859_1)));
            }
        }
        assertThat(everything).doesNotContain(id).doesNotContain(mac).contains("alice");
    }

    /** Flips a different bit of each byte. Flipping every bit would take about 10,000 requests. */
    @Test
    void aRecordWithAnyBitFlippedIsRejected() {
        Browser browser = loggedIn("alice");
        byte[] key = REDIS.sessionKey().getBytes(StandardCharsets.UTF_8);
        Map<byte[], byte[]> fields = REDIS.hash(REDIS.sessionKey());
        long before = rejected();
        int flips = 0;
        try (RedisClient client = REDIS.client()) {
            for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
                byte[] value = field.getValue();
                for (int i = 0; i < value.length; i += 1 + value.length / 200) {
                    byte[] flipped = value.clone();
                    flipped[i] ^= (byte) (1 << i % 8);
                    client.hset(key, field.getKey(), flipped);
                    assertThat(browser.get(app.url("/who")).body())
                            .as("byte %d of %s", i, new String(field.getKey(), StandardCharsets.UTF_8))
                            .isEqualTo("anonymous");
                    client.hset(key, fields);
                    flips++;
                }
            }
        }
        assertThat(rejected() - before).isEqualTo(flips);
        assertThat(browser.get(app.url("/who")).body()).isEqualTo("alice none");
    }

    @Test
    void aRecordWithAFieldRemovedRenamedOrOfAnotherTypeIsRejected() {
        Browser browser = loggedIn("alice");
        String key = REDIS.sessionKey();
        try (RedisClient client = REDIS.client()) {
            Map<String, String> names = new TreeMap<>(client.hgetAll(key));
            Map<byte[], byte[]> fields = REDIS.hash(key);
            for (String name : names.keySet()) {
                client.hdel(key, name);
                assertThat(browser.get(app.url("/who")).body())
                        .as("without " + name)
                        .isEqualTo("anonymous");
                client.hset(key.getBytes(StandardCharsets.UTF_8), renamed(fields, name));
                assertThat(browser.get(app.url("/who")).body())
                        .as(name + " renamed")
                        .isEqualTo("anonymous");
                client.del(key);
                client.hset(key.getBytes(StandardCharsets.UTF_8), fields);
                assertThat(browser.get(app.url("/who")).body()).isEqualTo("alice none");
            }
            client.del(key);
            client.set(key, "a string");
            client.expire(key, 60);
            assertThat(browser.get(app.url("/who")).body()).isEqualTo("anonymous");
        }
    }

    private static Map<byte[], byte[]> renamed(Map<byte[], byte[]> fields, String name) {
        List<byte[]> found = new ArrayList<>();
        fields.forEach((field, value) -> {
            if (name.equals(new String(field, StandardCharsets.UTF_8))) {
                found.add(value);
            }
        });
        return Map.of((name + "x").getBytes(StandardCharsets.UTF_8), found.get(0));
    }

    @Test
    void aFieldOfAnotherSessionOrOfAnOlderVersionIsRejected() {
        Browser alice = loggedIn("alice");
        String key = REDIS.sessionKey();
        Map<byte[], byte[]> older = REDIS.hash(key);
        alice.get(app.url("/promote"));
        Map<byte[], byte[]> newer = REDIS.hash(key);
        Browser bob = loggedIn("bob");
        String other = REDIS.keys().stream()
                .filter(name -> name.contains(":s:") && !name.equals(key))
                .findFirst()
                .orElseThrow();
        byte[] aliceKey = key.getBytes(StandardCharsets.UTF_8);
        try (RedisClient client = REDIS.client()) {
            for (Map<byte[], byte[]> foreign : List.of(older, REDIS.hash(other))) {
                foreign.forEach((name, value) -> {
                    if (name[0] != 't') {
                        client.hset(aliceKey, name, value);
                        assertThat(alice.get(app.url("/who")).body()).isEqualTo("anonymous");
                        client.hset(aliceKey, newer);
                    }
                });
                client.hset(aliceKey, newer);
            }
            assertThat(alice.get(app.url("/who")).body()).isEqualTo("alice admin");
            client.del(aliceKey);
            client.hset(aliceKey, REDIS.hash(other));
            assertThat(alice.get(app.url("/who")).body())
                    .as("the whole record of bob")
                    .isEqualTo("anonymous");
            assertThat(bob.get(app.url("/who")).body()).isEqualTo("bob none");
        }
    }

    private static Browser loggedIn(String user) {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/login?user=" + user)).status()).isEqualTo(200);
        return browser;
    }

    private static long rejected() {
        var counters = app.gatehouse().sessions().counters();
        return counters.of(SessionEvent.RECORD_FORGED)
                + counters.of(SessionEvent.RECORD_MALFORMED)
                + counters.of(SessionEvent.RECORD_UNKNOWN_KEY);
    }
}
