package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.testing.Certificates;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.GatehouseUser;
import io.gatehouse.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Tests that Gatehouse works with a Redis started with each shipped file. */
@Timeout(120)
class RedisFilesTest {
    @TempDir
    Path certificates;

    @Test
    void standaloneServerKeepsItsDataOverARestart() throws IOException {
        try (ShippedRedis redis = ShippedRedis.start("standalone.conf")) {
            assertThat(settings(redis, "maxmemory", "maxmemory-policy", "appendonly", "appendfsync"))
                    .containsEntry("maxmemory", "" + (1L << 30))
                    .containsEntry("maxmemory-policy", "noeviction")
                    .containsEntry("appendonly", "yes")
                    .containsEntry("appendfsync", "everysec");
            assertThat(countAt(redis)).isEqualTo(1);

            redis.process().restart();
            assertThat(countAt(redis)).isEqualTo(2);
        }
    }

    private static long countAt(ShippedRedis redis) {
        try (RedisConnections connections = Connections.to(GatehouseUser.url(redis.port()))) {
            return connections.send(ShippedRedis.count(RedisPurpose.SESSIONS));
        }
    }

    @Test
    void cacheServerEvictsAndWritesNothingToDisk() throws IOException {
        try (ShippedRedis redis = ShippedRedis.start("cache.conf");
                RedisConnections connections = Connections.with(
                        Map.of("REDIS_URL", GatehouseUser.url(redis.port())), EnumSet.of(RedisPurpose.CACHE))) {
            assertThat(settings(redis, "maxmemory", "maxmemory-policy", "appendonly", "save"))
                    .containsEntry("maxmemory", "" + (512L << 20))
                    .containsEntry("maxmemory-policy", "allkeys-lru")
                    .containsEntry("appendonly", "no")
                    .containsEntry("save", "");
            assertThat(connections.send(ShippedRedis.count(RedisPurpose.CACHE))).isEqualTo(1);
        }
    }

    private static Map<String, String> settings(ShippedRedis redis, String... names) {
        try (Jedis admin = redis.admin()) {
            return List.of(names).stream()
                    .collect(Collectors.toMap(
                            name -> name, name -> admin.configGet(name).get(name)));
        }
    }

    @Test
    void tlsServerRequiresAClientCertificate() throws IOException {
        Certificates server = new Certificates(certificates, "server", "ip:127.0.0.1");
        Certificates client = new Certificates(certificates, "client", "dns:client.example");
        Path folder = ShippedRedis.copy();
        Files.copy(server.certificate(), folder.resolve("redis.crt"));
        Files.copy(server.key(), folder.resolve("redis.key"));
        Files.copy(client.certificate(), folder.resolve("ca.crt"));
        try (ShippedRedis redis = ShippedRedis.start(folder, "tls.conf", "tls-port")) {
            String url = GatehouseUser.url(redis.port()).replace("redis:", "rediss:");
            Map<String, String> shown = Map.of(
                    "REDIS_SESSION_URL", url,
                    "GATEHOUSE_REDIS_TLS_CA_FILE", server.certificate().toString(),
                    "GATEHOUSE_REDIS_TLS_CERTIFICATE_FILE", client.certificate().toString(),
                    "GATEHOUSE_REDIS_TLS_PRIVATE_KEY_FILE", client.key().toString());
            Map<String, String> hidden = Map.of(
                    "REDIS_SESSION_URL",
                    url,
                    "GATEHOUSE_REDIS_TLS_CA_FILE",
                    server.certificate().toString());
            try (RedisConnections with = Connections.with(shown);
                    RedisConnections without = Connections.with(hidden);
                    RedisConnections plain = Connections.to(GatehouseUser.url(redis.port()))) {
                assertThat(with.send(ShippedRedis.count(RedisPurpose.SESSIONS))).isEqualTo(1);
                assertThatThrownBy(() -> without.send(ShippedRedis.count(RedisPurpose.SESSIONS)))
                        .isInstanceOf(RedisUnavailableException.class);
                assertThatThrownBy(() -> plain.send(ShippedRedis.count(RedisPurpose.SESSIONS)))
                        .isInstanceOf(RedisUnavailableException.class);
            }
        }
    }

    @Test
    void threeNodesFormACluster() throws IOException {
        List<ShippedRedis> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                nodes.add(ShippedRedis.start("cluster.conf"));
            }
            TestCluster.join(nodes.stream().map(ShippedRedis::port).toList(), ShippedRedis::admin);
            String addresses =
                    nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
            try (RedisConnections connections = Connections.with(Map.of(
                    "REDIS_CLUSTER_ENABLED",
                    "True",
                    "REDIS_CLUSTER_NODES",
                    addresses,
                    "REDIS_SESSION_URL",
                    GatehouseUser.url(1)))) {
                assertThat(connections.send(ShippedRedis.count(RedisPurpose.SESSIONS)))
                        .isEqualTo(1);
                assertThat(connections.health(RedisPurpose.SESSIONS).role())
                        .as("the reply to CLUSTER INFO")
                        .isEqualTo("master");
            }
        } finally {
            nodes.forEach(ShippedRedis::close);
        }
    }
}
