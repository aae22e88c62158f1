package io.gatehouse.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.HostPort;
import io.gatehouse.internal.redis.ServerInfo;
import io.gatehouse.internal.redis.probe.ServerDiagnostics;
import io.gatehouse.internal.redis.probe.ServerDiagnostics.State;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests checks that no available server can trigger, with made-up server information. */
class ServerChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "5.0.14, GH-E011",
        "6.2.19, GH-W001",
        "6.2.20, ''",
        "7.0.15, GH-W001",
        "7.2.4, ''",
        "7.4.5, GH-W001",
        "8.2.2, ''",
        "8.4.0, ''",
        "unknown, ''"
    })
    void reportsOldAndUnpatchedVersions(String version, String id) {
        List<String> ids = found(info(version, 0, NOW)).stream()
                .filter(found -> found.equals("GH-E011") || found.equals("GH-W001"))
                .toList();
        assertThat(String.join(",", ids)).isEqualTo(id);
    }

    @Test
    void reportsRejectedConnectionsAndMissingTls() {
        assertThat(found(info("8.4.0", 7, NOW))).contains("GH-W017", "GH-W005");
    }

    @Test
    void infersPersistenceIfTheConfigurationIsNotReadable() {
        assertThat(found(info("8.4.0", 0, NOW))).doesNotContain("GH-W013");
        assertThat(found(info("8.4.0", 0, NOW.minusSeconds(7200)))).contains("GH-W013");
    }

    @Test
    void reportsLatencyNearTheDeadline() {
        Findings findings = new Findings();
        ServerDiagnostics server = diagnostics(info("8.4.0", 0, NOW), List.of(100L, 200L, 200_000L));
        try (TestRedis redis = TestRedis.start();
                var connections = Connections.to(redis.url())) {
            LatencyProbe latencyProbe = new LatencyProbe(findings, Duration.ofMillis(600));
            latencyProbe.measure(server, connections, "gatehouse:verify");
            assertThat(latencyProbe.measurements().get(0))
                    .isEqualTo(new Measurement("sessions", "ping", 3, 200, 200_000));
        }
        assertThat(findings.all()).extracting(Finding::id).contains("GH-W031");
    }

    private static List<String> found(ServerInfo info) {
        Findings findings = new Findings();
        new ServerChecks(diagnostics(info, List.of()), findings).run(0);
        return findings.all().stream().map(Finding::id).toList();
    }

    private static ServerDiagnostics diagnostics(ServerInfo info, List<Long> pings) {
        return new ServerDiagnostics(
                List.of(RedisPurpose.SESSIONS),
                Map.of(RedisPurpose.SESSIONS, 0),
                State.UP,
                "standalone",
                false,
                false,
                true,
                true,
                List.of(info),
                null,
                List.of(),
                List.of(),
                List.of(),
                pings);
    }

    private static ServerInfo info(String version, long rejected, Instant savedAt) {
        return new ServerInfo(
                new HostPort("127.0.0.1", 6379),
                version,
                "master",
                0,
                null,
                false,
                1,
                0,
                "noeviction",
                0,
                0,
                0,
                1,
                rejected,
                false,
                true,
                savedAt,
                5,
                false,
                Duration.ofDays(1),
                null,
                false,
                null,
                NOW);
    }
}
