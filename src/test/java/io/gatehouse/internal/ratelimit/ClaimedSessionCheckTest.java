package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.costing;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of which user's quota a request with a cookie uses. */
@RedisTest
class ClaimedSessionCheckTest {
    private static final String ALICE = "tag of alice";
    private static final String BOB = "tag of bob";
    private static TestRedis redis;
    private static CountingProxy proxy;
    private static RedisConnections connections;

    private LimiterFixture node;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        proxy = new CountingProxy(redis.port());
        connections = LimiterFixture.connect(proxy.url());
    }

    @AfterAll
    static void stop() {
        connections.close();
        proxy.close();
    }

    @BeforeEach
    void begin() {
        node = node();
        send(begin(ALICE, "warm up"), ALICE); // so that Redis knows the scripts
        send(begin(ALICE, "warm up too"), null);
        redis.flush();
        node = node();
        proxy.takeRoundTrips();
    }

    private static LimiterFixture node() {
        return new LimiterFixture(connections, rule("user", "user", "3/day"), rule("ip", "ip", "100/day"));
    }

    @Test
    void aSessionThatOpensChargesItsUserInOneRoundTrip() {
        assertThat(send(begin(ALICE, "s"), ALICE)).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        assertThat(send(begin(ALICE, "s"), ALICE).statuses()).hasSize(2);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        assertThat(left("user", "alice")).isEqualTo(1);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(98);
    }

    @Test
    void aSessionThatDoesNotOpenChargesTheAddressAndNoUser() {
        for (int i = 1; i <= 20; i++) {
            LimitDecision decision = send(begin(ALICE, "dead"), null);
            assertThat(decision).isInstanceOf(LimitDecision.Allowed.class);
            assertThat(decision.statuses())
                    .as("the user's counter is not shown")
                    .extracting(ruleStatus -> ruleStatus.rule().name())
                    .containsExactly("ip");
            assertThat(proxy.takeRoundTrips()).as("request " + i).isEqualTo(i == 1 ? 2 : 1);
        }
        assertThat(left("user", "alice")).isEqualTo(3);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(80);
    }

    @Test
    void ofManyConcurrentDeadSessionsOneHoldsATokenOfTheUserUntilRedisReplies() {
        List<Begun> begun = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            begun.add(begin(ALICE, "dead " + i));
        }
        begun.forEach(one -> connections.send(one.pipeline()));
        assertThat(left("user", "alice")).as("before any reply").isEqualTo(2);
        begun.forEach(one -> assertThat(one.check().decision(() -> null)).isInstanceOf(LimitDecision.Allowed.class));
        assertThat(left("user", "alice")).isEqualTo(3);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(50);
    }

    @Test
    void anEndedSessionIsForgottenAtTheNextRequest() {
        send(begin(ALICE, "s"), ALICE);
        send(begin(ALICE, "s"), null);
        assertThat(left("user", "alice")).isEqualTo(2);
        Begun next = begin(ALICE, "s");
        connections.send(next.pipeline());
        assertThat(left("user", "alice")).as("never charged").isEqualTo(2);
        assertThat(next.check().decision(() -> null)).isInstanceOf(LimitDecision.Allowed.class);
    }

    @Test
    void sessionsOfAUserThatThisNodeSeesForTheFirstTimeAllChargeTheUser() {
        List<Begun> begun =
                List.of(begin(ALICE, "one"), begin(ALICE, "two"), begin(ALICE, "three"), begin(ALICE, "four"));
        begun.forEach(one -> connections.send(one.pipeline()));
        proxy.takeRoundTrips();
        List<LimitDecision> decisions =
                begun.stream().map(one -> one.check().decision(() -> ALICE)).toList();
        assertThat(decisions.subList(0, 3)).allMatch(LimitDecision.Allowed.class::isInstance);
        assertThat(decisions.get(3)).isInstanceOf(LimitDecision.Refused.class);
        assertThat(left("ip", "203.0.113.7"))
                .as("refused requests are not charged")
                .isEqualTo(97);
        assertThat(left("user", "alice")).isZero();
    }

    @Test
    void aDeadSessionIsNotRefusedBecauseTheUsersQuotaIsUsedUp() {
        for (int i = 0; i < 3; i++) {
            send(begin(ALICE, "s"), ALICE);
        }
        LimitDecision dead = send(begin(ALICE, "dead"), null);
        assertThat(dead).as("by Redis").isInstanceOf(LimitDecision.Allowed.class);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(96);
        assertThat(send(begin(ALICE, "s"), ALICE)).isInstanceOf(LimitDecision.Refused.class);
        Begun other = begin(ALICE, "other");
        assertThat(other.check().isRefused()).as("from the cache of this node").isFalse();
        assertThat(send(other, null)).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(95);
        Begun alive = begin(ALICE, "alive");
        assertThat(send(alive, ALICE)).isInstanceOf(LimitDecision.Refused.class);
        proxy.takeRoundTrips();
        assertThat(begin(ALICE, "s").check().isRefused()).isTrue();
        assertThat(left("ip", "203.0.113.7"))
                .as("refused requests are not charged")
                .isEqualTo(95);
    }

    @Test
    void theUserOfTheSessionIsChargedAndNotTheOneOfAnOlderToken() {
        assertThat(send(begin(ALICE, "s"), BOB)).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(send(begin(null, "t"), BOB).statuses()).hasSize(2);
        assertThat(left("user", "alice")).isEqualTo(3);
        assertThat(left("user", "bob")).isEqualTo(1);
    }

    @Test
    void aSessionThatCannotBeReadChargesNoUser() {
        Begun begun = begin(ALICE, "s");
        connections.send(begun.pipeline());
        assertThatThrownBy(() -> begun.check().decision(() -> {
                    throw new IllegalStateException("Redis does not answer");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(left("user", "alice")).isEqualTo(3);
    }

    @Test
    void aGuessThatIsNeverCompletedExpires() {
        Begun lost = begin(ALICE, "lost");
        assertThat(lost.pipeline().isEmpty()).isFalse();
        Begun second = begin(ALICE, "second");
        connections.send(second.pipeline());
        assertThat(left("user", "alice")).isEqualTo(3);
        node.nanos.addAndGet(
                KnownSessions.LONGEST_GUESS.plus(Duration.ofSeconds(1)).toNanos());
        Begun third = begin(ALICE, "third");
        connections.send(third.pipeline());
        assertThat(left("user", "alice")).isEqualTo(2);
    }

    @Test
    void theSessionIsNotOpenedIfNoRuleCountsUsers() {
        node.rules(rule("ip", "ip", "2/day"));
        Begun begun = begin(ALICE, "s");
        connections.send(begun.pipeline());
        assertThat(begun.check().decision(() -> {
                    throw new AssertionError("opened");
                }))
                .isInstanceOf(LimitDecision.Allowed.class);
        node.rules(costing(rule("ip", "ip", "2/day"), 2), rule("user", "user", "3/day"));
        Begun refused = begin(ALICE, "s");
        connections.send(refused.pipeline());
        assertThat(refused.check().decision(() -> {
                    throw new AssertionError("opened");
                }))
                .as("refused for every user")
                .isInstanceOf(LimitDecision.Refused.class);
    }

    private record Begun(ClaimedSessionCheck check, Pipeline pipeline) {}

    private Begun begin(@Nullable String userTag, String sessionId) {
        Pipeline pipeline = new Pipeline();
        RateLimitRequest request = LimiterFixture.request("203.0.113.7", userTag);
        return new Begun(new ClaimedSessionCheck(node.limiter, request, sessionId, pipeline), pipeline);
    }

    private static LimitDecision send(Begun begun, @Nullable String userOfSession) {
        if (!begun.pipeline().isEmpty()) {
            connections.send(begun.pipeline());
        }
        LimitDecision decision = begun.check().decision(() -> userOfSession);
        begun.check().complete(200);
        return decision;
    }

    /** Returns the tokens left in a counter; uses a separate limiter, so that the tested one caches nothing. */
    private long left(String level, String key) {
        return node().limiter.inspect(level, key).get(0).remaining();
    }
}
