package io.gatehouse.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestCluster;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.TestSentinel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the checks on a cluster and behind sentinels. */
@Timeout(120)
class TopologyFindingsTest {

    @Test
    void findsNoErrorOnACluster() {
        try (TestCluster cluster = new TestCluster()) {
            Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
            settings.putAll(cluster.settings());
            VerifyReport report = VerificationRunner.report(settings);
            assertThat(VerificationRunner.ids(report))
                    .noneMatch(id -> id.startsWith("GH-E"))
                    .doesNotContain("GH-I001");
            assertThat(cluster.nodes())
                    .allSatisfy(node -> assertThat(node.keys()).isEmpty());
        }
    }

    @Test
    void acceptsTheDocumentedRightsOnACluster() {
        try (TestCluster cluster = new TestCluster()) {
            for (TestRedis node : cluster.nodes()) {
                String url = GatehouseUser.at(node);
                assertThat(url).contains("gatehouse");
            }
            Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
            settings.putAll(cluster.settings());
            settings.put("GATEHOUSE_REDIS_USER", "gatehouse");
            settings.put("GATEHOUSE_REDIS_PASSWORD", "change-me");
            assertThat(VerificationRunner.ids(VerificationRunner.report(settings)))
                    .noneMatch(id -> id.startsWith("GH-E"))
                    .doesNotContain("GH-I001", "GH-W002", "GH-W003");
        }
    }

    @Test
    void reportsAClusterWithoutSlots() {
        try (TestRedis node = TestRedis.start("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")) {
            Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
            settings.put("REDIS_CLUSTER_ENABLED", "True");
            settings.put("REDIS_CLUSTER_NODES", "127.0.0.1:" + node.port());
            assertThat(VerificationRunner.found(VerificationRunner.report(settings), "GH-E008"))
                    .contains("REDIS_CLUSTER_NODES");
        }
    }

    @Test
    void findsNoErrorBehindSentinels() {
        try (TestSentinel sentinel = new TestSentinel()) {
            Map<String, String> settings = VerificationRunner.at(VerificationRunner.NOWHERE);
            settings.putAll(sentinel.settings());
            VerifyReport report = VerificationRunner.report(settings);
            assertThat(VerificationRunner.ids(report))
                    .noneMatch(id -> id.startsWith("GH-E"))
                    .contains("GH-W016")
                    .doesNotContain("GH-W015", "GH-I001");
        }
    }
}
