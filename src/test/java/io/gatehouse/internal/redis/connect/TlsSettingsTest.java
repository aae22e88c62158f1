package io.gatehouse.internal.redis.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Calls;
import io.gatehouse.testing.Certificates;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code rediss://}: which servers are trusted, and the client certificate. */
@Timeout(60)
class TlsSettingsTest {
    @TempDir
    Path folder;

    @Test
    void tlsTrustsTheConfiguredAuthority() throws IOException {
        Certificates server = new Certificates(folder, "server", "ip:127.0.0.1");
        int port = freePort();
        try (TestRedis redis = tls(port, server, "no");
                RedisConnections connections =
                        connections(port, Map.of("GATEHOUSE_REDIS_TLS_CA_FILE", server.certificate()))) {
            assertThat(redis.process().isAlive()).isTrue();
            assertThat(connections.send(Calls.count("k"))).isEqualTo(1);
        }
    }

    @Test
    void tlsTrustsNoOtherAuthority() throws IOException {
        Certificates server = new Certificates(folder, "server", "ip:127.0.0.1");
        Certificates other = new Certificates(folder, "other", "ip:127.0.0.1");
        int port = freePort();
        try (TestRedis redis = tls(port, server, "no");
                RedisConnections wrongAuthority =
                        connections(port, Map.of("GATEHOUSE_REDIS_TLS_CA_FILE", other.certificate()));
                RedisConnections noAuthority = connections(port, Map.of())) {
            assertThat(redis.process().isAlive()).isTrue();
            assertThatThrownBy(() -> wrongAuthority.send(Calls.count("k")))
                    .isInstanceOf(RedisUnavailableException.class);
            assertThatThrownBy(() -> noAuthority.send(Calls.count("k"))).isInstanceOf(RedisUnavailableException.class);
        }
    }

    @Test
    void tlsRefusesACertificateForAnotherHost() throws IOException {
        Certificates server = new Certificates(folder, "server", "dns:elsewhere.example");
        int port = freePort();
        try (TestRedis redis = tls(port, server, "no");
                RedisConnections connections =
                        connections(port, Map.of("GATEHOUSE_REDIS_TLS_CA_FILE", server.certificate()))) {
            assertThat(redis.process().isAlive()).isTrue();
            assertThatThrownBy(() -> connections.send(Calls.count("k"))).isInstanceOf(RedisUnavailableException.class);
        }
    }

    @Test
    void tlsPresentsTheClientCertificateOnRequest() throws IOException {
        Certificates server = new Certificates(folder, "server", "ip:127.0.0.1");
        int port = freePort();
        try (TestRedis redis = tls(port, server, "yes");
                RedisConnections with = connections(
                        port,
                        Map.of(
                                "GATEHOUSE_REDIS_TLS_CA_FILE", server.certificate(),
                                "GATEHOUSE_REDIS_TLS_CERTIFICATE_FILE", server.certificate(),
                                "GATEHOUSE_REDIS_TLS_PRIVATE_KEY_FILE", server.key()));
                RedisConnections without =
                        connections(port, Map.of("GATEHOUSE_REDIS_TLS_CA_FILE", server.certificate()))) {
            assertThat(redis.process().isAlive()).isTrue();
            assertThat(with.send(Calls.count("k"))).isEqualTo(1);
            assertThatThrownBy(() -> without.send(Calls.count("k"))).isInstanceOf(RedisUnavailableException.class);
        }
    }

    @Test
    void rejectsAnInvalidCertificateFile() {
        Map<String, String> settings =
                Map.of("REDIS_SESSION_URL", "rediss://127.0.0.1:1/0", "GATEHOUSE_REDIS_TLS_CA", "nonsense");
        assertThatThrownBy(() -> Connections.with(settings))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("GATEHOUSE_REDIS_TLS_CA")
                .hasMessageContaining("PEM");
    }

    @Test
    void rejectsAnUnreadablePrivateKeyWithoutShowingIt() {
        Map<String, String> settings =
                Map.of("REDIS_SESSION_URL", "rediss://127.0.0.1:1/0", "GATEHOUSE_REDIS_TLS_PRIVATE_KEY", "topsecret");
        assertThatThrownBy(() -> Connections.with(settings))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("GATEHOUSE_REDIS_TLS_PRIVATE_KEY is '***'")
                .hasMessageNotContaining("topsecret");
    }

    private static TestRedis tls(int port, Certificates server, String askClients) {
        return TestRedis.start(
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                server.certificate().toString(),
                "--tls-key-file",
                server.key().toString(),
                "--tls-ca-cert-file",
                server.certificate().toString(),
                "--tls-auth-clients",
                askClients);
    }

    private static RedisConnections connections(int port, Map<String, Path> files) {
        Map<String, String> settings = new HashMap<>();
        settings.put("REDIS_SESSION_URL", "rediss://127.0.0.1:" + port + "/0");
        files.forEach((name, file) -> settings.put(name, file.toString()));
        return Connections.with(settings);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
