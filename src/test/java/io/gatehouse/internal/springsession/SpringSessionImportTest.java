package io.gatehouse.internal.springsession;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.session.SessionManager;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Imports of two nodes that share one Redis with an application that uses Spring Session. */
@RedisTest(lasting = "spring:session:.*")
class SpringSessionImportTest {
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final String USER = "io.gatehouse.user";

    private static TestRedis redis;
    private static SpringShop spring;
    private static App one;
    private static App two;

    @BeforeAll
    static void start(TestRedis shared) {
        redis = shared;
        spring = new SpringShop(shared, SpringShop.Repository.SIMPLE);
        one = Shop.withGatehouse(shared, Map.of());
        two = Shop.withGatehouse(shared, Map.of());
    }

    @AfterAll
    static void stop() {
        spring.close();
        one.close();
        two.close();
    }

    private static String stored(Map<String, Object> attributes) {
        return spring.stored(attributes, HALF_HOUR);
    }

    private static List<?> sessionsOf(String user) {
        return one.gatehouse().sessionManager().getUserSessions(user);
    }

    @Test
    void parallelRequestsOfOneBrowserAllFindTheOneImportedSession() throws InterruptedException {
        long imported = Shop.count(one, ImportOutcome.IMPORTED) + Shop.count(two, ImportOutcome.IMPORTED);
        for (int round = 1; round <= 5; round++) {
            String id = stored(Map.of("cart", "book", USER, "parallel"));
            CountDownLatch start = new CountDownLatch(1);
            List<CompletableFuture<Browser>> requests = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                App node = i % 2 == 0 ? one : two;
                requests.add(CompletableFuture.supplyAsync(() -> {
                    Browser browser = Shop.browserOf(id);
                    awaitStart(start);
                    assertThat(Shop.show(node, browser)).isEqualTo("anonymous cart=book idle=1800");
                    return browser;
                }));
            }
            start.countDown();
            for (CompletableFuture<Browser> request : requests) {
                assertThat(Shop.show(two, request.join())).isEqualTo("anonymous cart=book idle=1800");
            }
            assertThat(sessionsOf("parallel")).hasSize(round);
        }
        assertThat(Shop.count(one, ImportOutcome.IMPORTED) + Shop.count(two, ImportOutcome.IMPORTED))
                .isEqualTo(imported + 5);
    }

    private static void awaitStart(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theOldCookieOpensNothingAfterTheIdHasChanged() {
        String planted = stored(Map.of("cart", "book"));
        Browser victim = Shop.browserOf(planted);
        assertThat(Shop.show(one, victim)).startsWith("anonymous cart=book");
        assertThat(Shop.show(two, Shop.browserOf(planted))).startsWith("anonymous cart=book");
        victim.get(one.url("/change-id"));
        assertThat(Shop.show(two, Shop.browserOf(planted))).isEqualTo("no session");
        assertThat(Shop.show(two, victim)).startsWith("anonymous cart=book");
    }

    @Test
    void theOldCookieOpensNothingAfterHalfAMinute() {
        String id = stored(Map.of("cart", "book"));
        Browser browser = Shop.browserOf(id);
        Shop.show(one, browser);
        String claim = "gatehouse:import:{spring:session:sessions:" + id + "}";
        assertThat(redis.client().pttl(claim)).isBetween(1L, 30_000L);
        redis.client().del(claim); // as if the time had passed
        assertThat(Shop.show(two, Shop.browserOf(id))).isEqualTo("no session");
        assertThat(Shop.show(two, browser)).startsWith("anonymous cart=book");
    }

    @Test
    void keepsTheTimeOfCreationAndDoesNotCountAsARecentLogin() {
        String id = stored(Map.of(USER, "carol"));
        Instant created = Instant.now().minus(Duration.ofDays(3));
        spring.put(id, "creationTime", created.toEpochMilli());
        Browser browser = Shop.browserOf(id);
        assertThat(Shop.show(one, browser)).startsWith("anonymous");
        assertThat(one.gatehouse().sessionManager().getUserSessions("carol"))
                .singleElement()
                .satisfies(session -> {
                    assertThat(session.createdAt()).isEqualTo(Instant.ofEpochMilli(created.toEpochMilli()));
                    assertThat(session.authenticatedAt()).isNull();
                    assertThat(session.address()).isEqualTo("127.0.0.1");
                });
        assertThat(Shop.show(two, browser)).startsWith("anonymous"); // the absolute timeout counts from the import
    }

    @Test
    void theUserComesFromSpringsIndexAttributeIfTheApplicationSetsIt() {
        String name = "org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME";
        Shop.show(one, Shop.browserOf(stored(Map.of(name, "dave"))));
        assertThat(sessionsOf("dave")).hasSize(1);
    }

    @Test
    void acceptsTheIdWithoutBase64AndANegativeTimeout() {
        String id = stored(Map.of("cart", "book"));
        spring.put(id, "maxInactiveInterval", -1);
        assertThat(Shop.show(one, new Browser().withCookie("SESSION", id))).isEqualTo("anonymous cart=book idle=-1");
    }

    @Test
    void doesNotImportAnExpiredSession() {
        String id = stored(Map.of("cart", "book"));
        spring.put(id, "lastAccessedTime", Instant.now().minus(HALF_HOUR).toEpochMilli());
        refused(id, ImportOutcome.EXPIRED);
    }

    @Test
    void doesNotImportARecordThatItCannotRead() {
        String large = stored(Map.of());
        redis.client().hset("spring:session:sessions:" + large, "x", "x".repeat(33 << 20));
        refused(large, ImportOutcome.UNREADABLE);
        String garbage = stored(Map.of());
        redis.client().hset("spring:session:sessions:" + garbage, "creationTime", "1700000000000");
        refused(garbage, ImportOutcome.UNREADABLE);
        String text = "00000000-0000-4000-8000-000000000000";
        redis.client().set("spring:session:sessions:" + text, "x");
        refused(text, ImportOutcome.UNREADABLE);
        refused("00000000-0000-4000-8000-000000000001", ImportOutcome.MISSING);
    }

    private static void refused(String id, ImportOutcome outcome) {
        long before = Shop.count(one, outcome);
        Browser browser = Shop.browserOf(id);
        Browser.Answer answer = browser.get(one.url("/show"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("no session");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(Shop.count(one, outcome)).isEqualTo(before + 1);
        assertThat(redis.keys()).noneMatch(key -> key.startsWith("gatehouse:import:"));
    }

    @Test
    void onlyAUuidBecomesPartOfAKey() {
        long before = Shop.count(one, ImportOutcome.MALFORMED);
        List<String> values = List.of(
                "",
                "x",
                "*",
                "../sessions",
                Shop.encoded("00000000-0000-4000-8000-00000000000{"),
                Shop.encoded("00000000-0000-4000-8000-00000000000\n"),
                "A".repeat(48),
                "=".repeat(48),
                "x".repeat(7000));
        for (String value : values) {
            Browser.Answer answer = new Browser().withCookie("SESSION", value).get(one.url("/show"));
            assertThat(answer.body()).isEqualTo("no session");
        }
        assertThat(Shop.count(one, ImportOutcome.MALFORMED)).isEqualTo(before + values.size());
    }

    @Test
    void leavesOutAnAttributeWhoseClassIsNotAllowedAndNamesTheClassOnce() {
        try (LogCapture log = new LogCapture("io.gatehouse")) {
            for (int i = 0; i < 2; i++) {
                Object unlisted = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
                Browser browser = Shop.browserOf(stored(Map.of("cart", "book", "peer", unlisted)));
                assertThat(Shop.show(one, browser)).isEqualTo("anonymous cart=book idle=1800");
            }
            assertThat(log.lines().stream().filter(line -> line.startsWith("WARNING")))
                    .singleElement()
                    .asString()
                    .contains("peer", "the class java.net.InetSocketAddress is not allowed");
        }
    }

    @Test
    void doesNotImportFromTheOwnAttributesWhatOnlyGatehouseSets() {
        Browser browser = Shop.browserOf(stored(Map.of("io.gatehouse.principal", "root", USER, "erin")));
        browser.get(one.url("/set?name=a&value=b"));
        assertThat(sessionsOf("erin")).hasSize(1);
        SessionManager sessions = one.gatehouse().sessionManager();
        String handle = sessions.getUserSessions("erin").get(0).handle();
        assertThat(Objects.requireNonNull(sessions.getSession(handle)).attributeNames())
                .doesNotContain("io.gatehouse.principal");
    }

    @Test
    void doesNotImportASessionOfAUserWhoseSessionsWereTerminated() {
        String id = stored(Map.of(USER, "mallory"));
        one.gatehouse().sessionManager().terminateUserSessions("mallory", null);
        refused(id, ImportOutcome.REVOKED);
    }

    @Test
    void prefersItsOwnSession() {
        Browser browser = new Browser();
        browser.get(one.url("/visit"));
        String id = stored(Map.of("cart", "book"));
        browser.withCookie("SESSION", Shop.encoded(id));
        assertThat(Shop.show(one, browser)).isEqualTo("anonymous visits=1 idle=1800");
        assertThat(spring.has(id)).isTrue();
    }
}
