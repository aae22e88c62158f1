package io.gatehouse.internal.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.internal.ops.LimitViews.AccountView;
import io.gatehouse.internal.ops.LimitViews.CounterView;
import io.gatehouse.internal.ops.LimitViews.ExplanationView;
import io.gatehouse.internal.ops.SessionViews.SessionDetailsView;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionObserver;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.internal.wiring.Settings;
import io.gatehouse.jobs.JobState;
import io.gatehouse.testing.App;
import io.gatehouse.testing.TestRedis;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the operations in a process without the application. */
class OperationsTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final String CANARY = "a value that no view may contain";

    private Components components;
    private Operations operations;

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static Components open(String url, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "REDIS_URL",
                url,
                "REDIS_SESSION_URL",
                url,
                "REDIS_RATE_LIMIT_URL",
                url,
                "REDIS_CACHE_WARMING_URL",
                url,
                "REDIS_CONNECTION_TIMEOUT",
                "1",
                "GATEHOUSE_APPLICATION",
                "app",
                "GATEHOUSE_KEYS",
                App.KEYS,
                "GATEHOUSE_RATE_LIMITS",
                "all.match = /api/*\nall.level = ip\nall.limit = 2/hour\ndeny = 192.0.2.66\nallow = 10.0.0.0/8"));
        values.putAll(more);
        Config config = new Config(List.of(ConfigSource.of("test", values)));
        Settings settings = Settings.from(config, "", path -> null);
        return new Components(settings, SessionObserver.ELSEWHERE, Runnable::run);
    }

    @BeforeEach
    void open() {
        REDIS.flush();
        components = open(REDIS.url(), Map.of());
        operations = components.operator();
    }

    @AfterEach
    void close() {
        components.close();
    }

    private String session(String user) {
        Session session = components.sessions().create(1800, Map.of("device", "Firefox", "address", "192.0.2.1"));
        session.setAttribute(Session.USER_ATTRIBUTE, user);
        session.setAttribute("secret", CANARY);
        components.sessions().save(session);
        components.sessions().release(session);
        return session.handle();
    }

    private static String json(Record view) {
        return JsonWriter.write(view);
    }

    @Test
    void showsSessionsByHandleAndAttributesByNameOnly() {
        String handle = session("alice");
        session("bob");

        assertThat(operations.sessions().count().sessions()).isEqualTo(2);
        assertThat(operations.sessions().list("", 10).sessions()).hasSize(2);
        assertThat(json(operations.sessions().ofUser("alice")))
                .contains(handle, "Firefox", "192.0.2.1", "idleLeftSeconds");
        SessionDetailsView shown = operations.sessions().show(handle);
        assertThat(shown.attributes()).isEqualTo(List.of(Session.USER_ATTRIBUTE, "secret"));
        assertThat(shown.session().user()).isEqualTo("alice");
        assertThat(json(shown)).doesNotContain(CANARY);
    }

    @Test
    void endsSessionsByHandleByUserOrAll() {
        String kept = session("alice");
        session("alice");
        String bobs = session("bob");
        session("carol");

        assertThat(operations.sessions().terminateUser("alice", kept).ended()).isEqualTo(1);
        assertThat(operations.sessions().terminate(bobs).ended()).isEqualTo(1);
        assertThatThrownBy(() -> operations.sessions().terminate(bobs)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> operations.sessions().show(bobs)).isInstanceOf(NotFoundException.class);
        assertThat(operations.sessions().terminateAll().ended()).isEqualTo(2);
        assertThat(operations.sessions().list("", 10).sessions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA*", "AAAAAAAAAAAAAAAAAAAAA\n"})
    void rejectsInvalidHandles(String handle) {
        assertThatThrownBy(() -> operations.sessions().show(handle)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.sessions().terminate(handle)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.sessions().terminateUser("alice", handle))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.jobs().show(handle)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void explainsInspectsAndResetsLimitsWithoutCharging() {
        ExplanationView explained = explain("203.0.113.7");
        assertThat(explained.passes()).isTrue();
        assertThat(json(explained)).contains("\"retryAfterSeconds\":0.0");
        assertThat(explain("203.0.113.7")).isEqualTo(explained);
        assertThat(explained.counters()).extracting(CounterView::remaining).containsExactly(2L);

        components.limiter().checkIp("203.0.113.7"); // applies to rules for every path only, so not to this one
        assertThat(explain("203.0.113.7")).isEqualTo(explained);
        for (int i = 0; i < 2; i++) {
            components.limiter().check(request("203.0.113.7"), List.of("all"));
        }
        assertThat(explain("203.0.113.7").passes()).isFalse();
        assertThat(json(operations
                        .limits()
                        .inspect("ip", List.of("203.0.113.7"))
                        .document()))
                .contains("\"rule\":\"all\"", "\"exhausted\":true", "\"remaining\":0")
                .containsPattern("\"retryAfterSeconds\":17\\d\\d\\."); // the interval of 2 an hour, or a little less
        assertThat(json(explain("203.0.113.7"))).containsPattern("\"retryAfterSeconds\":17\\d\\d\\.");
        assertThat(operations.limits().reset("ip", List.of("203.0.113.7")).reset())
                .isEqualTo(1);
        assertThat(explain("203.0.113.7").passes()).isTrue();

        assertThat(explain("192.0.2.66").denied()).isTrue();
        assertThat(explain("192.0.2.66").passes()).isFalse();
        assertThat(explain("10.1.2.3").exempt()).isTrue();
        assertThat(explain("10.1.2.3").passes()).isTrue();
        assertThat(json(operations.limits().rules()))
                .contains("\"name\":\"all\"", "\"refused\":", "\"deny\":[\"192.0.2.66");
    }

    private ExplanationView explain(String address) {
        return operations.limits().explain("get", "/api/x", address, null, Map.of());
    }

    private io.gatehouse.internal.rules.RateLimitRequest request(String address) {
        return new io.gatehouse.internal.rules.RateLimitRequest(
                "GET", "/api/x", components.addresses().parse(address), null, header -> null);
    }

    @Test
    void inspectsAndResetsAccounts() {
        assertThat(operations.limits().inspect("account", List.of("alice")))
                .isInstanceOfSatisfying(
                        AccountView.class,
                        account -> assertThat(account.failures()).isZero());
        assertThat(operations.limits().reset("account", List.of("alice")).reset())
                .isZero();
        assertThatThrownBy(() -> operations.limits().inspect("account", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.limits().inspect("planet", List.of("x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.limits().reset("ip", List.of("no address")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void invalidatesCacheEntries() {
        components.cache().orElseThrow().put("user:42", "Ann");
        components.cache().orElseThrow().put("oauth:x", "y");
        assertThat(operations.cache().invalidateUser("42").entries()).isEqualTo(1);
        assertThat(operations.cache().invalidatePattern("oauth:*").entries()).isEqualTo(1);
        assertThat(json(operations.cache().invalidateKey("user", "42"))).isEqualTo("{\"entries\":0}");
        assertThat(json(operations.cache().statistics())).contains("\"region\":\"user\"", "\"nodes\":");
        assertThatThrownBy(() -> operations.cache().invalidatePattern("*"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.cache().invalidateRegion("moon"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void submitsAndCancelsJobs() {
        JobView run = operations.cache().warm("user", List.of("1", "2"));
        assertThat(run.state()).isEqualTo(JobState.QUEUED);
        assertThat(run.arguments()).isEqualTo(Map.of("keys", List.of("1", "2")));
        String id = run.id();
        assertThat(operations.jobs().list(null, 10).jobs()).hasSize(1);
        assertThat(operations.jobs().cancel(id).state()).isEqualTo(JobState.CANCELLED);
        assertThat(operations.jobs().cancel(id).state()).isEqualTo(JobState.CANCELLED);
        assertThatThrownBy(() -> operations.jobs().cancel("AAAAAAAAAAAAAAAAAAAAAA"))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> operations.jobs().start("format disk", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        JobView ofTheApplication = operations.cache().warm("moon", List.of());
        assertThat(ofTheApplication.name()).isEqualTo("warm-all");
        assertThat(ofTheApplication.arguments()).isEqualTo(Map.of("scope", "moon"));
        assertThatThrownBy(() -> operations.cache().warm(" ", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operations.cache().warm("all", List.of("1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(operations.cache().warm("user", List.of("1,2", "\0\"")).arguments())
                .isEqualTo(Map.of("keys", List.of("1,2", "\0\"")));
    }

    @Test
    void showsKeysByIdAndSettingsWithoutSecrets() {
        String secret = App.KEYS.substring(3);
        assertThat(json(operations.keys())).isEqualTo("{\"keys\":[{\"kid\":\"t1\",\"signs\":true}]}");
        assertThat(json(operations.configuration()))
                .contains("{\"name\":\"GATEHOUSE_KEYS\",\"value\":\"***\",\"source\":\"test\",\"default\":false}")
                .contains("{\"name\":\"GATEHOUSE_ENABLED\",\"value\":\"True\",\"source\":\"default\",\"default\":true}")
                .doesNotContain(secret);
    }

    @Test
    void listsTheApplicationsThatShareThisRedis() {
        assertThat(operations.applications().applications()).isEmpty();
        components.limiter().heartbeat();
        try (Components other = open(REDIS.url(), Map.of("GATEHOUSE_APPLICATION", "shop"))) {
            other.limiter().heartbeat();
        }
        assertThat(json(operations.applications()))
                .contains("{\"name\":\"app\",\"nodes\":1,\"lastSeen\":", "{\"name\":\"shop\",\"nodes\":1,");
    }

    @Test
    void namesTheSettingThatDisablesAFeature() {
        try (Components without = open(REDIS.url(), Map.of("GATEHOUSE_CACHE_ENABLED", "False"))) {
            Operations limited = without.operator();
            assertThatThrownBy(() -> limited.cache().statistics()).isInstanceOf(FeatureDisabledException.class);
            assertThatThrownBy(() -> limited.cache().warm("all", List.of()))
                    .isInstanceOf(FeatureDisabledException.class)
                    .hasMessageContaining("GATEHOUSE_CACHE_ENABLED");
            assertThat(limited.jobs().list(null, 1).jobs())
                    .as("jobs need no cache")
                    .isEmpty();
        }
    }

    @Test
    void reportsThatRedisIsUnavailable() {
        try (Components disconnected = open("redis://127.0.0.1:1/0", Map.of())) {
            Operations withoutRedis = disconnected.operator();
            assertThatThrownBy(() -> withoutRedis.sessions().list("", 1)).isInstanceOf(RedisUnavailableException.class);
            assertThatThrownBy(() -> withoutRedis.limits().inspect("ip", List.of("192.0.2.1")))
                    .isInstanceOf(RedisUnavailableException.class);
            assertThatThrownBy(() -> withoutRedis.cache().invalidateUser("1"))
                    .isInstanceOf(RedisUnavailableException.class);
            assertThatThrownBy(() -> withoutRedis.jobs().list(null, 1)).isInstanceOf(RedisUnavailableException.class);
            assertThatThrownBy(withoutRedis::applications).isInstanceOf(RedisUnavailableException.class);
        }
    }
}
