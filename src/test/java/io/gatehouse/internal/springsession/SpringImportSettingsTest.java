package io.gatehouse.internal.springsession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.redis.serializer.RedisSerializer;
import redis.clients.jedis.params.SetParams;

/** The settings of the import, its round trips, and its behavior while Redis is unavailable. */
@RedisTest(lasting = "(spring:session|.shop.:live):.*")
class SpringImportSettingsTest {
    private static final String PREFIX = "GATEHOUSE_IMPORT_SPRING_SESSION";
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    @Test
    void importsNothingByDefaultOrAfterTheEnd(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App disabled = Shop.withGatehouse(redis, Map.of(PREFIX, "False"));
                App over = Shop.withGatehouse(redis, Map.of(PREFIX + "_UNTIL", "2020-01-01"));
                App enabled = Shop.withGatehouse(
                        redis,
                        Map.of(PREFIX + "_UNTIL", Instant.now().plusSeconds(600).toString()))) {
            String id = spring.stored(Map.of("cart", "book"), HALF_HOUR);
            assertThat(Shop.show(disabled, Shop.browserOf(id))).isEqualTo("no session");
            assertThat(disabled.gatehouse().components().importCounters()).isEmpty();
            assertThat(Shop.show(over, Shop.browserOf(id))).isEqualTo("no session");
            assertThat(Shop.show(enabled, Shop.browserOf(id))).startsWith("anonymous cart=book");
        }
    }

    @Test
    void readsAnotherNamespaceAndCookie(TestRedis redis) {
        String namespace = "{shop}:live";
        Map<String, String> settings = Map.of(PREFIX + "_NAMESPACE", namespace, PREFIX + "_COOKIE", "SHOPSESSION");
        try (SpringShop spring =
                        new SpringShop(redis, SpringShop.Repository.SIMPLE, namespace, RedisSerializer.java());
                App app = Shop.withGatehouse(redis, settings)) {
            String id = spring.stored(Map.of("cart", "book"), HALF_HOUR);
            Browser browser = new Browser().withCookie("SHOPSESSION", Shop.encoded(id));
            assertThat(Shop.show(app, browser)).startsWith("anonymous cart=book");
            assertThat(browser.cookie("SHOPSESSION")).isNull();
        }
    }

    @Test
    void leavesSessionsWhoseLoginItCannotReadForALaterAttempt(TestRedis redis) {
        Browser alice = new Browser();
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.INDEXED)) {
            alice.get(spring.app().url("/login?user=alice"));
        }
        try (App app = Shop.withGatehouse(redis, Map.of(PREFIX + "_CLASSES", ""));
                LogCapture log = new LogCapture("io.gatehouse")) {
            assertThat(Shop.show(app, alice)).isEqualTo("no session");
            assertThat(Shop.count(app, ImportOutcome.LOGIN_UNREADABLE)).isEqualTo(1);
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARNING")
                            && line.contains("org.springframework.security.core.context.SecurityContextImpl"));
        }
        try (App app = Shop.withGatehouse(redis, Map.of())) {
            assertThat(Shop.show(app, alice)).startsWith("alice[ROLE_BUYER] context cart=");
        }
    }

    @Test
    void doesNotImportSessionsInJson(TestRedis redis) {
        try (SpringShop spring =
                        new SpringShop(redis, SpringShop.Repository.SIMPLE, "spring:session", new JsonTexts());
                App app = Shop.withGatehouse(redis, Map.of())) {
            String id = spring.stored(Map.of("cart", "book"), HALF_HOUR);
            assertThat(Shop.show(app, Shop.browserOf(id))).isEqualTo("no session");
            assertThat(Shop.count(app, ImportOutcome.UNREADABLE)).isEqualTo(1);
            assertThat(spring.has(id)).isTrue();
        }
    }

    @Test
    void refusesAUserWithoutAPlaceUnlessAnotherSessionEnds(TestRedis redis) {
        Map<String, Object> attributes = Map.of("io.gatehouse.user", "bob");
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App deny = Shop.withGatehouse(
                        redis, Map.of("GATEHOUSE_SESSION_LIMIT", "1", "GATEHOUSE_SESSION_LIMIT_ACTION", "deny"))) {
            Browser first = Shop.browserOf(spring.stored(attributes, HALF_HOUR));
            String second = spring.stored(attributes, HALF_HOUR);
            assertThat(Shop.show(deny, first)).startsWith("anonymous");
            assertThat(Shop.show(deny, Shop.browserOf(second))).isEqualTo("no session");
            assertThat(Shop.count(deny, ImportOutcome.NO_PLACE)).isEqualTo(1);
            try (App evict = Shop.withGatehouse(
                    redis, Map.of("GATEHOUSE_SESSION_LIMIT", "1", "GATEHOUSE_SESSION_LIMIT_ACTION", "evict-idle"))) {
                assertThat(Shop.show(evict, Shop.browserOf(second))).startsWith("anonymous");
                assertThat(Shop.show(evict, first)).isEqualTo("no session");
            }
        }
    }

    @Test
    void costsARoundTripOnlyWithTheOldCookieAndWithoutASession(TestRedis redis) {
        try (CountingProxy proxy = new CountingProxy(redis.port());
                SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of("REDIS_SESSION_URL", proxy.url()))) {
            Shop.show(app, Shop.browserOf(spring.stored(Map.of(), HALF_HOUR))); // loads the scripts
            String id = spring.stored(Map.of("cart", "book"), HALF_HOUR);
            proxy.takeRoundTrips();
            Shop.show(app, new Browser());
            assertThat(proxy.takeRoundTrips()).isZero();
            Shop.show(app, Shop.browserOf("00000000-0000-4000-8000-000000000000"));
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
            Browser browser = Shop.browserOf(id);
            Shop.show(app, browser);
            assertThat(proxy.takeRoundTrips()).isEqualTo(4);
            Shop.show(app, browser.withCookie("SESSION", Shop.encoded(id)));
            assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        }
    }

    @Test
    void answers503WhileRedisIsUnavailableAndImportsLater(TestRedis redis) {
        try (CountingProxy proxy = new CountingProxy(redis.port());
                SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of("REDIS_SESSION_URL", proxy.url()))) {
            String id = spring.stored(Map.of("cart", "book"), HALF_HOUR);
            Browser browser = Shop.browserOf(id);
            proxy.fault(CountingProxy.Fault.SILENT);
            Browser.Answer answer = browser.get(app.url("/show"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isNotNull();
            assertThat(Shop.count(app, ImportOutcome.UNAVAILABLE)).isEqualTo(1);
            proxy.fault(CountingProxy.Fault.NONE);
            Eventually.within(
                    Duration.ofSeconds(30),
                    () -> assertThat(Shop.show(app, browser)).startsWith("anonymous cart=book"));
        }
    }

    @Test
    void requestsThatFindAClaimWaitForIt(TestRedis redis) {
        try (SpringShop spring = new SpringShop(redis, SpringShop.Repository.SIMPLE);
                App app = Shop.withGatehouse(redis, Map.of())) {
            String id = spring.stored(Map.of("cart", "book"), HALF_HOUR);
            String claim = "gatehouse:import:{spring:session:sessions:" + id + "}";
            redis.client()
                    .set(claim, "t1.other", SetParams.setParams().px(200)); // the node of the other request has died
            assertThat(Shop.show(app, Shop.browserOf(id))).startsWith("anonymous cart=book");

            String stuck = spring.stored(Map.of("cart", "book"), HALF_HOUR);
            redis.client()
                    .set(
                            "gatehouse:import:{spring:session:sessions:" + stuck + "}",
                            "t1.other",
                            SetParams.setParams().px(60_000));
            assertThat(Shop.browserOf(stuck).get(app.url("/show")).status()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "_NAMESPACE, a b, 1 to 100 letters",
        "_NAMESPACE, a{b, 1 to 100 letters",
        "_COOKIE, a=b, a name of letters",
        "_CLASSES, com.acme*x, class names or packages",
        "_UNTIL, tomorrow, a date such as 2026-12-31",
        "_UNTIL, 2026-02-30, a date such as 2026-12-31",
    })
    void rejectsAnInvalidValue(String name, String value, String expected) {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of(PREFIX + name, value))));
        Optional<SpringSessionSettings> unused = SpringSessionSettings.from(config);
        assertThatThrownBy(config::throwIfBroken)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(PREFIX + name)
                .hasMessageContaining(expected);
    }
}
