package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gatehouse.testing.Certificates;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenIdOverTlsTest {
    @TempDir
    private Path folder;

    private HttpsServer server;
    private SSLContext trusting;
    private String issuer;

    @BeforeEach
    void start() throws Exception {
        Certificates unused = new Certificates(folder, "provider", "ip:127.0.0.1");
        char[] password = "changeit".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("provider.p12"))) {
            keys.load(in, password);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(keys);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(own.getKeyManagers(), trust.getTrustManagers(), null);

        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(trusting));
        issuer = "https://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private OpenIdWarmupSource source(Supplier<HttpClient.Builder> clients) {
        return new OpenIdWarmupSource(List.of(URI.create(issuer)), this::answer, clients, Duration.ofSeconds(5), false);
    }

    private Map<String, Object> answer(byte[] path) {
        return new String(path, StandardCharsets.UTF_8).equals("/keys")
                ? Map.of("keys", List.of())
                : Map.of("issuer", issuer, "jwks_uri", issuer + "/keys");
    }

    @Test
    void loadsFromAProviderWithATrustedCertificate() throws Exception {
        assertThat(source(() -> HttpClient.newBuilder().sslContext(trusting)).load(issuer))
                .isEqualTo(Map.of(
                        "configuration", Map.of("issuer", issuer, "jwks_uri", issuer + "/keys"),
                        "jwks", Map.of("keys", List.of())));
    }

    @Test
    void rejectsAProviderWithAnUntrustedCertificate() {
        assertThatThrownBy(() -> source(HttpClient::newBuilder).load(issuer))
                .isInstanceOf(WarmupException.class)
                .hasMessageContaining(issuer)
                .hasMessageContaining("SSLHandshakeException");
    }
}
