package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenIdWarmupSourceTest {
    private static final String CONFIGURATION = "/realms/shop/.well-known/openid-configuration";
    private static final Jsonb JSON = JsonbBuilder.create();

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private String issuer;
    private String base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        issuer = base + "/realms/shop";
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parse(byte[] json) {
        return JSON.fromJson(new String(json, StandardCharsets.UTF_8), Map.class);
    }

    private OpenIdWarmupSource source() {
        return source(issuer, true, Duration.ofSeconds(5));
    }

    private static OpenIdWarmupSource source(String issuer, boolean plainLoopback, Duration patience) {
        return new OpenIdWarmupSource(
                List.of(URI.create(issuer)),
                OpenIdWarmupSourceTest::parse,
                HttpClient::newBuilder,
                patience,
                plainLoopback);
    }

    private void answers(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    private void answers(String path, int status, String type, String body) {
        answers(path, exchange -> send(exchange, status, type, body));
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void configured() {
        answers(CONFIGURATION, 200, "application/json; charset=utf-8", configuration(issuer, base + "/keys"));
    }

    private static String configuration(String issuer, String keys) {
        return "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + keys + "\"}";
    }

    private void fails(OpenIdWarmupSource source, String why) {
        assertThatThrownBy(() -> source.load(issuer))
                .isInstanceOf(WarmupException.class)
                .hasMessageContaining(issuer)
                .hasMessageContaining(why)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void theEntryOfAProviderIsItsConfigurationAndItsKeys() throws Exception {
        configured();
        answers("/keys", 200, "application/jwk-set+json", "{\"keys\":[{\"kid\":\"a\"}]}");
        OpenIdWarmupSource source = source();
        assertThat(source.keys()).containsExactly(issuer);
        assertThat(source.load(issuer))
                .isEqualTo(Map.of(
                        "configuration", Map.of("issuer", issuer, "jwks_uri", base + "/keys"),
                        "jwks", Map.of("keys", List.of(Map.of("kid", "a")))));
    }

    @Test
    void oneSlashAtTheEndDoesNotCountForTheAddressAndCountsForTheName() throws Exception {
        assertThat(IssuerUrls.configuration("https://a.example/"))
                .isEqualTo(IssuerUrls.configuration("https://a.example"))
                .hasToString("https://a.example/.well-known/openid-configuration");
        configured();
        issuer = issuer + "/";
        fails(source(), "another issuer's");
    }

    @Test
    void ofAProviderThatWasNotNamedNothingIsKnown() throws Exception {
        assertThat(source().load("http://127.0.0.1:1")).isNull();
    }

    @Test
    void refusesAnotherIssuer() {
        answers(CONFIGURATION, 200, "application/json", configuration("https://s3cret.example", base + "/keys"));
        fails(source(), "another issuer's");
    }

    @Test
    void refusesKeysThatAreNotBehindTls() {
        answers(CONFIGURATION, 200, "application/json", configuration(issuer, "http://s3cret.example/keys"));
        fails(source(), "jwks_uri is no https URL");
        assertThat(IssuerUrls.isAllowed(URI.create("http://127.0.0.1/keys"), false))
                .isFalse();
        assertThat(IssuerUrls.isAllowed(URI.create("file:///etc/passwd"), true)).isFalse();
    }

    @Test
    void asksNobodyWithoutTls() {
        AtomicInteger asked = new AtomicInteger();
        answers(CONFIGURATION, exchange -> asked.incrementAndGet());
        fails(source(issuer, false, Duration.ofSeconds(5)), "not an https URL");
        assertThat(asked).hasValue(0);
    }

    @Test
    void doesNotFollowRedirects() {
        answers(CONFIGURATION, exchange -> {
            exchange.getResponseHeaders().set("Location", base + "/elsewhere");
            send(exchange, 302, "application/json", "{}");
        });
        AtomicInteger elsewhere = new AtomicInteger();
        answers("/elsewhere", exchange -> elsewhere.incrementAndGet());
        fails(source(), "the answer is 302");
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void refusesAnythingButSuccess() {
        answers(CONFIGURATION, 500, "application/json", "s3cret");
        fails(source(), "the answer is 500");
    }

    @Test
    void refusesWhatIsNotJson() {
        answers(CONFIGURATION, 200, "application/json", "s3cret");
        fails(source(), "no JSON object");
    }

    @Test
    void refusesWhatDoesNotCallItselfJson() {
        answers(CONFIGURATION, 200, "text/html", configuration(issuer, base + "/keys"));
        fails(source(), "not JSON by its media type");
    }

    @Test
    void refusesKeysWithoutAList() {
        configured();
        answers("/keys", 200, "application/json", "{\"keys\":\"s3cret\"}");
        fails(source(), "no list of keys");
    }

    @Test
    void stopsReadingWhatIsTooLong() {
        AtomicInteger sent = new AtomicInteger();
        answers(CONFIGURATION, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            while (sent.incrementAndGet() < 10_000) {
                exchange.getResponseBody().write(blanks); // fails when nobody reads any more
            }
        });
        fails(source(), "longer than 262144 bytes");
        assertThat(sent.get()).isLessThan(10_000);
    }

    @Test
    void doesNotWaitLongForAnAnswer() {
        answers(CONFIGURATION, exchange -> await());
        fails(source(issuer, true, Duration.ofMillis(200)), "no ");
    }

    @Test
    void doesNotWaitLongForTheRestOfAnAnswer() {
        answers(CONFIGURATION, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        });
        fails(source(issuer, true, Duration.ofMillis(500)), "no whole answer within 500 ms");
    }

    private void await() {
        try {
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
