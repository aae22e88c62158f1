package io.gatehouse.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the settings of Redis are read. */
class RedisSettingsTest {

    @Test
    void hasADatabaseForEachPurposeOnLocalhost() {
        RedisSettings settings = read(Map.of());
        assertThat(settings.endpoint(RedisPurpose.CACHE).database()).isEqualTo(1);
        assertThat(settings.endpoint(RedisPurpose.SESSIONS).database()).isEqualTo(2);
        assertThat(settings.endpoint(RedisPurpose.RATE_LIMIT).database()).isEqualTo(3);
        assertThat(settings.endpoint(RedisPurpose.CACHE_WARMING).database()).isEqualTo(4);
        assertThat(settings.endpoint(RedisPurpose.SESSIONS).topology())
                .isEqualTo(new TopologySettings.Standalone(new HostPort("localhost", 6379)));
        assertThat(settings.poolSize()).isEqualTo(100);
        assertThat(settings.connectionTimeout()).hasSeconds(5);
        assertThat(settings.healthCheckInterval()).hasSeconds(30);
        assertThat(settings.deadline()).hasMillis(600);
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h:1/5,false,'','',h,1,5",
        "redis://h,false,'','',h,6379,0",
        "rediss://u:p%40%2F%3A@h/0,true,u,p@/:,h,6379,0",
        "redis://:p+w@h:7,false,'',p+w,h,7,0",
        "redis://u@[::1]:7/2,false,u,'',::1,7,2",
        "redis://h:1?db=2,false,'','',h,1,2",
        "redis://h/?db=2,false,'','',h,6379,2",
        "redis://h/2?db=2,false,'','',h,6379,2",
        "redis://:p%3Aw%20x@redis_cache:1/3,false,'',p:w x,redis_cache,1,3",
        "rediss://h/1?ssl_cert_reqs=required&ssl_check_hostname=True,true,'','',h,6379,1",
    })
    void readsUrls(String text, boolean tls, String user, String password, String host, int port, int database) {
        RedisUrl url = RedisUrl.parse(text);
        assertThat(url.tls()).isEqualTo(tls);
        assertThat(url.user()).isEqualTo(user);
        assertThat(url.password().reveal()).isEqualTo(password);
        assertThat(url.address()).isEqualTo(new HostPort(host, port));
        assertThat(url.database()).isEqualTo(database);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:6379",
                "http://h",
                "redis://",
                "redis://h:x",
                "redis://h/x",
                "redis://h/-1",
                "redis://h/1?a=b",
                "redis://h:0",
                "redis://h:65536",
                "redis://h?db=",
                "redis://h?db=-1",
                "redis://h?db=1&db=2",
                "redis://h#1",
                "redis://h:1:2",
                "unix:///run/redis.sock?db=1",
                "redis://u:sec ret@h"
            })
    void rejectsInvalidUrls(String text) {
        assertThatThrownBy(() -> read(Map.of("REDIS_SESSION_URL", text)))
                .hasMessageContaining("REDIS_SESSION_URL is '")
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "unix://:opensesame@/run/redis.sock?db=1; Unix sockets are not supported",
                "redis://h/1?db=2; either after the host (/2) or as ?db=2",
                "rediss://h?ssl_cert_reqs=none; GATEHOUSE_REDIS_TLS_CA_FILE",
                "rediss://h?ssl_check_hostname=false; host names are always checked",
                "rediss://h?ssl_ca_certs=/etc/ca.pem; use GATEHOUSE_REDIS_TLS_CA_FILE",
                "redis://h?max_connections=5; use REDIS_CONNECTION_POOL_SIZE",
                "redis://h?socket_timeout=5; use GATEHOUSE_REDIS_DEADLINE",
                "redis://h?password=opensesame; or GATEHOUSE_REDIS_PASSWORD",
                "redis://h?opensesame; no parameters in the URL but db",
                "redis://h?protocol=3; RESP3 is not used",
            })
    void saysWhatReplacesAParameterOfOtherClients(String text, String expected) {
        assertThatThrownBy(() -> read(Map.of("REDIS_SESSION_URL", text)))
                .hasMessageContaining("expected")
                .hasMessageContaining(expected)
                .hasMessageNotContaining("opensesame");
    }

    @Test
    void neverShowsThePasswordOfAUrl() {
        assertThatThrownBy(() -> read(Map.of("REDIS_SESSION_URL", "redis://h/1?password=swordfish")))
                .hasMessageContaining("redis://h/1?***'")
                .hasMessageNotContaining("swordfish");
        assertThatThrownBy(() -> read(Map.of("REDIS_SESSION_URL", "redis://user:swordfish@h:port/x")))
                .hasMessageContaining("redis://***@h:port/x")
                .hasMessageNotContaining("swordfish");
        for (String text : List.of("redis://user:sword/fish@h", "redis://:sword@/fish@h", "user:swordfish@h:6379")) {
            assertThatThrownBy(() -> read(Map.of("REDIS_SESSION_URL", text)))
                    .hasMessageContaining("***@h")
                    .hasMessageNotContaining("fish");
        }
        for (String text : List.of(
                "redis://:swordfish",
                "redis://user:swordfish/1",
                "redis://:swordfishh:6379",
                "redis://h?password=sword@fish",
                "redis://h/1?password=a@b,fish")) {
            assertThatThrownBy(() -> read(Map.of("REDIS_SESSION_URL", text)))
                    .hasMessageContaining("redis://***")
                    .hasMessageNotContaining("fish");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user:opensesame@h:6379; ***@h:6379",
                "opensesame@h:6379; ***@h:6379",
                "redis://user:opensesame@h:6379; redis://***@h:6379",
                "a:1,user:opensesame@h:6379; ***@h:6379",
                "user:open,sesame:1@a:1,:open@/sesame@h:6379; ***@h:6379",
                "h:6379?password=opensesame; h:6379?***",
            })
    void neverShowsThePasswordOfANode(String text, String shown) {
        for (String name : List.of("REDIS_CLUSTER", "REDIS_SENTINEL")) {
            String setting = name + (name.endsWith("R") ? "_NODES" : "_HOSTS");
            Map<String, String> values = Map.of(name + "_ENABLED", "True", setting, text);
            assertThatThrownBy(() -> read(values))
                    .hasMessageContaining(setting + " is '" + shown + "'")
                    .hasMessageContaining("host:port,host:port")
                    .hasMessageNotContainingAny("open", "sesame");
            assertThat(new Config(List.of(ConfigSource.of("test", values))).describe(RedisSettings.ALL))
                    .contains(new Config.Value(setting, shown, "test"));
        }
    }

    @Test
    void readsClusterNodesAndSentinelHosts() {
        RedisSettings cluster = read(Map.of("REDIS_CLUSTER_ENABLED", "1", "REDIS_CLUSTER_NODES", "a:1, [::1]:2"));
        assertThat(cluster.endpoint(RedisPurpose.CACHE))
                .returns(0, RedisEndpoint::database)
                .returns(
                        new TopologySettings.Cluster(List.of(new HostPort("a", 1), new HostPort("::1", 2))),
                        RedisEndpoint::topology);
        RedisSettings sentinel = read(Map.of(
                "REDIS_SENTINEL_ENABLED",
                "yes",
                "REDIS_SENTINEL_HOSTS",
                "s1:26379,s2:26379",
                "REDIS_MASTER_NAME",
                "m"));
        assertThat(sentinel.endpoint(RedisPurpose.RATE_LIMIT))
                .returns(3, RedisEndpoint::database)
                .returns(
                        new TopologySettings.Sentinel(
                                "m", List.of(new HostPort("s1", 26379), new HostPort("s2", 26379))),
                        RedisEndpoint::topology);
    }

    @Test
    void reportsAllContradictingSettings() {
        assertThatThrownBy(() -> read(Map.of(
                        "REDIS_CLUSTER_ENABLED", "True",
                        "REDIS_SENTINEL_ENABLED", "True",
                        "REDIS_CONNECTION_POOL_SIZE", "0",
                        "GATEHOUSE_REDIS_DEADLINE", "1ms")))
                .hasMessageContaining("5 problems")
                .hasMessageContaining("REDIS_SENTINEL_ENABLED is 'True'")
                .hasMessageContaining("REDIS_CLUSTER_NODES is ''")
                .hasMessageContaining("REDIS_SENTINEL_HOSTS is ''")
                .hasMessageContaining("REDIS_CONNECTION_POOL_SIZE is '0'")
                .hasMessageContaining("GATEHOUSE_REDIS_DEADLINE is '1ms'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:0", "a:70000", "a:b", ":1", "::1:5", "a b:1", "a/b:1", "[x]:1", "a:+1"})
    void rejectsInvalidAddresses(String text) {
        assertThatThrownBy(() -> read(Map.of("REDIS_CLUSTER_ENABLED", "1", "REDIS_CLUSTER_NODES", text)))
                .hasMessageContaining("REDIS_CLUSTER_NODES is '" + text + "'");
    }

    private static RedisSettings read(Map<String, String> values) {
        Config config = new Config(List.of(ConfigSource.of("test", values)));
        RedisSettings settings = RedisSettings.from(config);
        config.throwIfBroken();
        return settings;
    }
}
