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

    private final CountDownLatch end = new CountDownLatch(1);
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
        end.countDown();
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
    void loadsTheConfigurationAndTheKeysOfAProvider() throws Exception {
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
    void aTrailingSlashIsRemovedFromTheUrlButNotFromTheIssuer() throws Exception {
        assertThat(IssuerUrls.configuration("https://a.example/"))
                .isEqualTo(IssuerUrls.configuration("https://a.example"))
                .hasToString("https://a.example/.well-known/openid-configuration");
        configured();
        issuer = issuer + "/";
        fails(source(), "its issuer is a different one");
    }

    @Test
    void returnsNullForAnIssuerThatIsNotConfigured() throws Exception {
        assertThat(source().load("http://127.0.0.1:1")).isNull();
    }

    @Test
    void rejectsAConfigurationOfAnotherIssuer() {
        answers(CONFIGURATION, 200, "application/json", configuration("https://s3cret.example", base + "/keys"));
        fails(source(), "its issuer is a different one");
    }

    @Test
    void rejectsAKeysUrlWithoutTls() {
        answers(CONFIGURATION, 200, "application/json", configuration(issuer, "http://s3cret.example/keys"));
        fails(source(), "jwks_uri is not an https URL");
        assertThat(IssuerUrls.isAllowed(URI.create("http://127.0.0.1/keys"), false))
                .isFalse();
        assertThat(IssuerUrls.isAllowed(URI.create("file:///etc/passwd"), true)).isFalse();
    }

    @Test
    void sendsNoRequestWithoutTls() {
        AtomicInteger asked = new AtomicInteger();
        answers(CONFIGURATION, exchange -> asked.incrementAndGet());
        fails(source(issuer, false, Duration.ofSeconds(5)), "not an https URL");
        assertThat(asked).hasValue(0);
    }

    @Test
    void doesNotFollowRedirectsOfAProvider() {
        answers(CONFIGURATION, exchange -> {
            exchange.getResponseHeaders().set("Location", base + "/elsewhere");
            send(exchange, 302, "application/json", "{}");
        });
        AtomicInteger elsewhere = new AtomicInteger();
        answers("/elsewhere", exchange -> elsewhere.incrementAndGet());
        fails(source(), "the status is 302");
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void rejectsAResponseWithAnErrorStatus() {
        answers(CONFIGURATION, 500, "application/json", "s3cret");
        fails(source(), "the status is 500");
    }

    @Test
    void rejectsABodyThatIsNotJson() {
        answers(CONFIGURATION, 200, "application/json", "s3cret");
        fails(source(), "not a JSON object");
    }

    @Test
    void rejectsAMediaTypeOtherThanJson() {
        answers(CONFIGURATION, 200, "text/html", configuration(issuer, base + "/keys"));
        fails(source(), "the media type is not JSON");
    }

    @Test
    void rejectsAKeySetWithoutKeys() {
        configured();
        answers("/keys", 200, "application/json", "{\"keys\":\"s3cret\"}");
        fails(source(), "no list of keys");
    }

    @Test
    void stopsReadingAnOverlongResponse() {
        AtomicInteger sent = new AtomicInteger();
        answers(CONFIGURATION, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            while (sent.incrementAndGet() < 10_000) {
                exchange.getResponseBody().write(blanks); // fails when the client has closed the connection
            }
        });
        fails(source(), "longer than 262144 bytes");
        assertThat(sent.get()).isLessThan(10_000);
    }

    @Test
    void timesOutWhenAProviderDoesNotRespond() {
        answers(CONFIGURATION, exchange -> await());
        fails(source(issuer, true, Duration.ofMillis(200)), "no complete response within 200 ms");
    }

    @Test
    void timesOutWhenAResponseIsIncomplete() {
        answers(CONFIGURATION, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        });
        fails(source(issuer, true, Duration.ofMillis(500)), "no complete response within 500 ms");
    }

    private void await() {
        try {
            assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
