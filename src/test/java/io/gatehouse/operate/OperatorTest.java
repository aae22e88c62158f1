package io.gatehouse.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.assembly.Settings;
import io.gatehouse.config.Config;
import io.gatehouse.config.ConfigSource;
import io.gatehouse.jobs.JobState;
import io.gatehouse.operate.JobViews.JobView;
import io.gatehouse.operate.LimitViews.AccountView;
import io.gatehouse.operate.LimitViews.CounterView;
import io.gatehouse.operate.LimitViews.ExplanationView;
import io.gatehouse.operate.SessionViews.SessionDetailsView;
import io.gatehouse.redis.RedisUnavailable;
import io.gatehouse.session.Session;
import io.gatehouse.session.SessionObserver;
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

/** What an operator sees and does, in a process without the application. */
class OperatorTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final String CANARY = "a value that nobody may see";

    private Capabilities capabilities;
    private Operator operator;

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static Capabilities open(String url, Map<String, String> more) {
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
        return new Capabilities(settings, SessionObserver.ELSEWHERE, Runnable::run);
    }

    @BeforeEach
    void open() {
        REDIS.flush();
        capabilities = open(REDIS.url(), Map.of());
        operator = capabilities.operator();
    }

    @AfterEach
    void close() {
        capabilities.close();
    }

    private String session(String user) {
        Session session = capabilities.sessions().create(1800, Map.of("device", "Firefox", "address", "192.0.2.1"));
        session.setAttribute(Session.USER_ATTRIBUTE, user);
        session.setAttribute("secret", CANARY);
        capabilities.sessions().save(session);
        capabilities.sessions().release(session);
        return session.handle();
    }

    private static String json(Record view) {
        return JsonWriter.write(view);
    }

    @Test
    void showsSessionsByHandleAndNamesOfAttributesOnly() {
        String handle = session("alice");
        session("bob");

        assertThat(operator.sessions().count().sessions()).isEqualTo(2);
        assertThat(operator.sessions().list("", 10).sessions()).hasSize(2);
        assertThat(json(operator.sessions().ofUser("alice")))
                .contains(handle, "Firefox", "192.0.2.1", "idleLeftSeconds");
        SessionDetailsView shown = operator.sessions().show(handle);
        assertThat(shown.attributes()).isEqualTo(List.of(Session.USER_ATTRIBUTE, "secret"));
        assertThat(shown.session().user()).isEqualTo("alice");
        assertThat(json(shown)).doesNotContain(CANARY);
    }

    @Test
    void endsSessionsOneByOneByUserOrAll() {
        String kept = session("alice");
        session("alice");
        String bobs = session("bob");
        session("carol");

        assertThat(operator.sessions().terminateUser("alice", kept).ended()).isEqualTo(1);
        assertThat(operator.sessions().terminate(bobs).ended()).isEqualTo(1);
        assertThatThrownBy(() -> operator.sessions().terminate(bobs)).isInstanceOf(NotThere.class);
        assertThatThrownBy(() -> operator.sessions().show(bobs)).isInstanceOf(NotThere.class);
        assertThat(operator.sessions().terminateAll().ended()).isEqualTo(2);
        assertThat(operator.sessions().list("", 10).sessions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA*", "AAAAAAAAAAAAAAAAAAAAA\n"})
    void whatIsNoHandleIsRefused(String handle) {
        assertThatThrownBy(() -> operator.sessions().show(handle)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.sessions().terminate(handle)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.sessions().terminateUser("alice", handle))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.jobs().show(handle)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void explainsInspectsAndResetsLimitsAndChargesNothing() {
        ExplanationView explained = explain("203.0.113.7");
        assertThat(explained.passes()).isTrue();
        assertThat(json(explained)).contains("\"retryAfterSeconds\":0.0");
        assertThat(explain("203.0.113.7")).isEqualTo(explained);
        assertThat(explained.counters()).extracting(CounterView::remaining).containsExactly(2L);

        capabilities.limiter().checkIp("203.0.113.7"); // for every path only, so not this rule
        assertThat(explain("203.0.113.7")).isEqualTo(explained);
        for (int i = 0; i < 2; i++) {
            capabilities.limiter().check(request("203.0.113.7"), List.of("all"));
        }
        assertThat(explain("203.0.113.7").passes()).isFalse();
        assertThat(json(operator.limits().inspect("ip", List.of("203.0.113.7")).document()))
                .contains("\"rule\":\"all\"", "\"exhausted\":true", "\"remaining\":0")
                .containsPattern("\"retryAfterSeconds\":17\\d\\d\\."); // the interval of 2 an hour, or a little less
        assertThat(json(explain("203.0.113.7"))).containsPattern("\"retryAfterSeconds\":17\\d\\d\\.");
        assertThat(operator.limits().reset("ip", List.of("203.0.113.7")).reset())
                .isEqualTo(1);
        assertThat(explain("203.0.113.7").passes()).isTrue();

        assertThat(explain("192.0.2.66").denied()).isTrue();
        assertThat(explain("192.0.2.66").passes()).isFalse();
        assertThat(explain("10.1.2.3").exempt()).isTrue();
        assertThat(explain("10.1.2.3").passes()).isTrue();
        assertThat(json(operator.limits().rules()))
                .contains("\"name\":\"all\"", "\"refused\":", "\"deny\":[\"192.0.2.66");
    }

    private ExplanationView explain(String address) {
        return operator.limits().explain("get", "/api/x", address, null, Map.of());
    }

    private io.gatehouse.ratelimit.RateLimitRequest request(String address) {
        return new io.gatehouse.ratelimit.RateLimitRequest(
                "GET", "/api/x", capabilities.addresses().parse(address), null, header -> null);
    }

    @Test
    void accountsAreAScopeToo() {
        assertThat(operator.limits().inspect("account", List.of("alice")))
                .isInstanceOfSatisfying(
                        AccountView.class,
                        account -> assertThat(account.failures()).isZero());
        assertThat(operator.limits().reset("account", List.of("alice")).reset()).isZero();
        assertThatThrownBy(() -> operator.limits().inspect("account", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.limits().inspect("planet", List.of("x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.limits().reset("ip", List.of("no address")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesEntriesOutOfTheCache() {
        capabilities.cache().orElseThrow().put("user:42", "Ann");
        capabilities.cache().orElseThrow().put("oauth:x", "y");
        assertThat(operator.cache().invalidateUser("42").entries()).isEqualTo(1);
        assertThat(operator.cache().invalidatePattern("oauth:*").entries()).isEqualTo(1);
        assertThat(json(operator.cache().invalidateKey("user", "42"))).isEqualTo("{\"entries\":0}");
        assertThat(json(operator.cache().statistics())).contains("\"region\":\"user\"", "\"nodes\":");
        assertThatThrownBy(() -> operator.cache().invalidatePattern("*")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.cache().invalidateRegion("moon"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void putsWorkIntoTheQueueAndTakesItOut() {
        JobView run = operator.cache().warm("user", List.of("1", "2"));
        assertThat(run.state()).isEqualTo(JobState.QUEUED);
        assertThat(run.arguments()).isEqualTo(Map.of("keys", "1,2"));
        String id = run.id();
        assertThat(operator.jobs().list(10).jobs()).hasSize(1);
        assertThat(operator.jobs().cancel(id).state()).isEqualTo(JobState.CANCELLED);
        assertThat(operator.jobs().cancel(id).state()).isEqualTo(JobState.CANCELLED);
        assertThatThrownBy(() -> operator.jobs().cancel("AAAAAAAAAAAAAAAAAAAAAA"))
                .isInstanceOf(NotThere.class);
        assertThatThrownBy(() -> operator.jobs().start("format-disk", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.cache().warm("moon", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.cache().warm("all", List.of("1")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> operator.cache().warm("user", List.of("1,2")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsKeysByIdAndSettingsWithoutSecrets() {
        String secret = App.KEYS.substring(3);
        assertThat(json(operator.keys())).isEqualTo("{\"keys\":[{\"kid\":\"t1\",\"signs\":true}]}");
        assertThat(json(operator.configuration()))
                .contains("{\"name\":\"GATEHOUSE_KEYS\",\"value\":\"***\",\"source\":\"test\",\"default\":false}")
                .contains("{\"name\":\"GATEHOUSE_ENABLED\",\"value\":\"True\",\"source\":\"default\",\"default\":true}")
                .doesNotContain(secret);
    }

    @Test
    void knowsTheApplicationsThatShareThisRedis() {
        assertThat(operator.applications().applications()).isEmpty();
        capabilities.limiter().noteNode();
        try (Capabilities other = open(REDIS.url(), Map.of("GATEHOUSE_APPLICATION", "shop"))) {
            other.limiter().noteNode();
        }
        assertThat(json(operator.applications()))
                .contains("{\"name\":\"app\",\"nodes\":1,\"lastSeen\":", "{\"name\":\"shop\",\"nodes\":1,");
    }

    @Test
    void whatIsOffSaysSo() {
        try (Capabilities without = open(REDIS.url(), Map.of("GATEHOUSE_CACHE_ENABLED", "False"))) {
            Operator limited = without.operator();
            assertThatThrownBy(() -> limited.cache().statistics()).isInstanceOf(SwitchedOff.class);
            assertThatThrownBy(() -> limited.jobs().list(1))
                    .isInstanceOf(SwitchedOff.class)
                    .hasMessageContaining("GATEHOUSE_CACHE_ENABLED");
        }
    }

    @Test
    void withoutRedisEverythingSaysSo() {
        try (Capabilities away = open("redis://127.0.0.1:1/0", Map.of())) {
            Operator helpless = away.operator();
            assertThatThrownBy(() -> helpless.sessions().list("", 1)).isInstanceOf(RedisUnavailable.class);
            assertThatThrownBy(() -> helpless.limits().inspect("ip", List.of("192.0.2.1")))
                    .isInstanceOf(RedisUnavailable.class);
            assertThatThrownBy(() -> helpless.cache().invalidateUser("1")).isInstanceOf(RedisUnavailable.class);
            assertThatThrownBy(() -> helpless.jobs().list(1)).isInstanceOf(RedisUnavailable.class);
            assertThatThrownBy(helpless::applications).isInstanceOf(RedisUnavailable.class);
        }
    }
}
