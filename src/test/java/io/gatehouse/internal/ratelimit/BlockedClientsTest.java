package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static io.gatehouse.internal.ratelimit.LimiterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RateLimitRule.Mode;
import io.gatehouse.internal.rules.TestRule;
import io.gatehouse.ratelimit.BlockedClient;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.RequestRefusedEvent;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisDeployment;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.gatehouse.testing.Topology;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.RedisClient;

/** Tests of the list of blocked clients, with two nodes of one application. */
@RedisTest
@ParameterizedClass
@EnumSource(Topology.class)
class BlockedClientsTest {
    private static final RateLimitRule[] RULES = {
        rule("by-ip", "ip", "1/hour"),
        TestRule.of("by-key", "ip+header:x-api", "1/hour").paths("/keys").build(),
        TestRule.of("by-user", "user+endpoint", "1/hour").endpoints("export").build()
    };

    @Parameter
    private Topology topology = Topology.STANDALONE;

    private RedisDeployment deployment;
    private RedisConnections connections;
    private LimiterFixture first;
    private LimiterFixture second;

    @BeforeEach
    void connect() {
        deployment = topology.shared();
        Map<String, String> settings = new HashMap<>(deployment.settings());
        settings.put("GATEHOUSE_REDIS_DEADLINE", "10s");
        settings.putIfAbsent(
                "REDIS_RATE_LIMIT_URL", "redis://ignored/0"); // database 0 with Sentinel too, where this test looks
        connections = Connections.with(settings, EnumSet.of(RedisPurpose.RATE_LIMIT));
        first = new LimiterFixture(connections, topology == Topology.CLUSTER, RULES);
        second = new LimiterFixture(connections, topology == Topology.CLUSTER, RULES);
    }

    @AfterEach
    void disconnect() {
        connections.close();
    }

    private static RateLimiter api(LimiterFixture node) {
        return new DefaultRateLimiter(node.limiter, account -> {});
    }

    @Test
    void aRefusedClientIsListedAtOnceHereAndAfterAHeartbeatElsewhereUntilItIsReleased() {
        assertThat(api(first).blocked(10)).isEmpty();
        assertThat(api(first).checkIp("203.0.113.7").isAllowed()).isTrue();
        assertThat(api(first).blocked(10)).isEmpty();
        assertThat(api(first).checkIp("203.0.113.7").isAllowed()).isFalse();
        assertThat(api(second).blocked(10)).isEmpty();
        first.limiter.heartbeat();
        BlockedClient blocked = api(second).blocked(10).get(0);
        assertThat(api(first).blocked(10)).containsExactly(blocked);
        assertThat(blocked.rule()).isEqualTo("by-ip");
        assertThat(blocked.scope()).isEqualTo("ip");
        assertThat(blocked.key()).isEqualTo("203.0.113.7");
        assertThat(Duration.between(Instant.now(), blocked.until()))
                .isBetween(Duration.ofMinutes(50), Duration.ofMinutes(70));
        assertThat(api(second).release(blocked.counter())).isTrue();
        assertThat(api(second).release(blocked.counter())).isFalse();
        assertThat(api(first).blocked(10)).isEmpty();
        assertThat(api(second).checkIp("203.0.113.7").isAllowed()).isTrue();
    }

    @Test
    void aClientIsListedAtOnceAlthoughRedisDoesNotKnowTheScriptThatStoresIt() {
        for (TestRedis server : deployment.masters()) {
            try (RedisClient client = server.client()) {
                client.scriptFlush();
            }
        }
        assertThat(api(first).blocked(10))
                .as("makes the script that lists known")
                .isEmpty();
        first.check(LimiterFixture.request("203.0.113.7"));
        first.check(LimiterFixture.request("203.0.113.7"));
        assertThat(api(first).blocked(10)).hasSize(1);
    }

    /** The heartbeat of the node runs in another thread. */
    @Test
    void aClientIsListedWhileAHeartbeatIsStoringIt() {
        first.check(LimiterFixture.request("203.0.113.7"));
        first.check(LimiterFixture.request("203.0.113.7"));
        Pipeline heartbeat = new Pipeline();
        Runnable sent = first.limiter.blocked().publish(heartbeat);
        assertThat(api(first).blocked(10)).hasSize(1);
        connections.send(heartbeat);
        sent.run();
        assertThat(api(second).blocked(10)).hasSize(1);
        Pipeline empty = new Pipeline();
        Runnable unused = first.limiter.blocked().publish(empty);
        assertThat(empty.isEmpty()).as("everything is stored").isTrue();
    }

    @Test
    void theFirstRefusalOfAClientIsAnEvent() {
        List<Object> events = new ArrayList<>();
        first.limiter.blocked().events().open(events::add, Runnable::run);
        for (int i = 0; i < 5; i++) {
            first.check(LimiterFixture.request("203.0.113.7"));
            first.nanos.addAndGet(RefusalCache.LONGEST.toNanos()); // so that Redis decides each time
        }
        assertThat(events).singleElement().isInstanceOfSatisfying(RequestRefusedEvent.class, event -> {
            assertThat(event.rule()).isEqualTo("by-ip");
            assertThat(event.key()).isEqualTo("203.0.113.7");
            assertThat(event.retryAfter()).isPositive();
            assertThat(api(first).release(event.counter())).isTrue();
        });
    }

    @Test
    void aResetAlsoRemovesTheClientFromTheList() {
        first.check(LimiterFixture.request("203.0.113.7"));
        first.check(LimiterFixture.request("203.0.113.7"));
        assertThat(api(first).blocked(10)).hasSize(1);
        assertThat(api(first).reset("ip", "203.0.113.7")).isEqualTo(1);
        assertThat(api(first).blocked(10)).isEmpty();
    }

    @Test
    void usersAndHeadersAreMaskedAndRedisHoldsNothingInPlainText() {
        RateLimitRequest request =
                new RateLimitRequest("GET", "/keys", ClientAddress.parse("203.0.113.8"), null, header -> "secret-key");
        first.rules(RULES[1], RULES[2]);
        for (int i = 0; i < 2; i++) {
            first.check(request);
            LimitDecision unused = first.limiter.checkUser("alice", "export");
        }
        assertThat(api(first).blocked(10))
                .extracting(BlockedClient::rule, BlockedClient::key)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("by-key", "*** + 203.0.113.8"), Tuple.tuple("by-user", "export + ***"));
        for (TestRedis master : deployment.masters()) {
            try (RedisClient client = master.client()) {
                for (String key : master.keys()) {
                    assertThat(client.pttl(key)).as(key).isPositive();
                    if (key.endsWith("blocked-clients")) {
                        client.hgetAll(key.getBytes(StandardCharsets.UTF_8))
                                .values()
                                .forEach(value -> assertThat(new String(value, StandardCharsets.ISO_8859_1))
                                        .doesNotContain("203.0.113", "secret-key", "alice", "export", "by-"));
                    }
                }
            }
        }
    }

    @Test
    void forgedEntriesDryRunsAndShortWaitsAreNotListed() {
        first.rules(with(rule("dry", "ip", "1/hour"), Mode.DRY_RUN), rule("short", "ip", "1000/s burst 1"));
        for (int i = 0; i < 3; i++) {
            first.check(LimiterFixture.request("203.0.113.9"));
        }
        assertThat(api(first).blocked(10)).isEmpty();
        first.rules(RULES[0]);
        first.check(LimiterFixture.request("203.0.113.9"));
        first.check(LimiterFixture.request("203.0.113.9"));
        String counter = api(first).blocked(10).get(0).counter();
        for (TestRedis master : deployment.masters()) {
            try (RedisClient client = master.client()) {
                master.keys().stream()
                        .filter(key -> key.endsWith("blocked-clients"))
                        .forEach(key -> client.hset(key, counter, "n1.forged"));
            }
        }
        assertThat(api(first).blocked(10)).isEmpty();
    }

    @Test
    void aClientThatIsRefusedAgainAndAgainDoesNotHideOthers() {
        for (int i = 0; i <= BlockedClients.MOST_STORED; i++) {
            first.limiter.blocked().noteAccount("attacked", Duration.ofMinutes(10));
        }
        first.limiter.blocked().noteAccount("other", Duration.ofMinutes(5));
        assertThat(api(first).blocked(10)).extracting(BlockedClient::counter).containsExactly("attacked", "other");
    }

    @Test
    void theListIsBoundedAndOrderedByTheEndOfTheBlock() {
        for (int i = 0; i < BlockedClients.MOST_STORED + 500; i++) {
            first.limiter.blocked().noteAccount("account" + i, Duration.ofSeconds(600 + i));
            if (i == 5_000) {
                Pipeline pipeline = new Pipeline();
                Runnable sent = first.limiter.blocked().publish(pipeline);
                connections.send(pipeline);
                sent.run();
            }
        }
        List<BlockedClient> listed = api(first).blocked(BlockedClients.MOST_LISTED);
        assertThat(listed).hasSize(BlockedClients.MOST_LISTED);
        assertThat(listed.get(0).counter()).isEqualTo("account" + (BlockedClients.MOST_STORED + 499));
        assertThat(listed.get(0).scope()).isEqualTo("account");
        assertThat(api(first).release("account0")).isFalse();
        assertThat(api(first).release("account600")).isTrue();
        assertThatThrownBy(() -> api(first).blocked(0)).hasMessage("a limit from 1 to 1000, not 0");
        assertThatThrownBy(() -> api(first).blocked(1001)).isInstanceOf(IllegalArgumentException.class);
    }
}
