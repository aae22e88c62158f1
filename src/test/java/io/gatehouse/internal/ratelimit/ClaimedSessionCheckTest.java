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

/** Whose quota a request with a cookie uses up. */
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
        assertThat(send(begin(ALICE, "s"), ALICE).standings()).hasSize(2);
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        assertThat(left("user", "alice")).isEqualTo(1);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(98);
    }

    @Test
    void aSessionThatDoesNotOpenChargesTheAddressAndNoUser() {
        for (int i = 1; i <= 20; i++) {
            LimitDecision decision = send(begin(ALICE, "dead"), null);
            assertThat(decision).isInstanceOf(LimitDecision.Allowed.class);
            assertThat(decision.standings())
                    .as("the user's counter is not shown")
                    .extracting(ruleStatus -> ruleStatus.rule().name())
                    .containsExactly("ip");
            assertThat(proxy.takeRoundTrips()).as("request " + i).isEqualTo(i == 1 ? 2 : 1);
        }
        assertThat(left("user", "alice")).isEqualTo(3);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(80);
    }

    @Test
    void ofManyDeadSessionsAtOnceOneHoldsATokenOfTheUserUntilItsFlightIsBack() {
        List<Begun> begun = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            begun.add(begin(ALICE, "dead " + i));
        }
        begun.forEach(one -> connections.send(one.flight()));
        assertThat(left("user", "alice")).as("while none is back").isEqualTo(2);
        begun.forEach(one -> assertThat(one.check().decision(() -> null)).isInstanceOf(LimitDecision.Allowed.class));
        assertThat(left("user", "alice")).isEqualTo(3);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(50);
    }

    @Test
    void aSessionThatHasEndedIsForgottenAtTheFirstRequest() {
        send(begin(ALICE, "s"), ALICE);
        send(begin(ALICE, "s"), null);
        assertThat(left("user", "alice")).isEqualTo(2);
        Begun next = begin(ALICE, "s");
        connections.send(next.flight());
        assertThat(left("user", "alice")).as("not even for a moment").isEqualTo(2);
        assertThat(next.check().decision(() -> null)).isInstanceOf(LimitDecision.Allowed.class);
    }

    @Test
    void sessionsOfAUserThatThisNodeSeesForTheFirstTimeAllChargeTheUser() {
        List<Begun> begun =
                List.of(begin(ALICE, "one"), begin(ALICE, "two"), begin(ALICE, "three"), begin(ALICE, "four"));
        begun.forEach(one -> connections.send(one.flight()));
        proxy.takeRoundTrips();
        List<LimitDecision> decisions =
                begun.stream().map(one -> one.check().decision(() -> ALICE)).toList();
        assertThat(decisions.subList(0, 3)).allMatch(LimitDecision.Allowed.class::isInstance);
        assertThat(decisions.get(3)).isInstanceOf(LimitDecision.Refused.class);
        assertThat(left("ip", "203.0.113.7"))
                .as("what is refused is charged nothing")
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
        assertThat(other.check().isRefused()).as("by the note of this node").isFalse();
        assertThat(send(other, null)).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(left("ip", "203.0.113.7")).isEqualTo(95);
        Begun alive = begin(ALICE, "alive");
        assertThat(send(alive, ALICE)).isInstanceOf(LimitDecision.Refused.class);
        proxy.takeRoundTrips();
        assertThat(begin(ALICE, "s").check().isRefused()).isTrue();
        assertThat(left("ip", "203.0.113.7"))
                .as("refused requests are charged nothing")
                .isEqualTo(95);
    }

    @Test
    void theUserOfTheSessionIsChargedAndNotTheOneOfAnOlderToken() {
        assertThat(send(begin(ALICE, "s"), BOB)).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(send(begin(null, "t"), BOB).standings()).hasSize(2);
        assertThat(left("user", "alice")).isEqualTo(3);
        assertThat(left("user", "bob")).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadChargesNoUser() {
        Begun begun = begin(ALICE, "s");
        connections.send(begun.flight());
        assertThatThrownBy(() -> begun.check().decision(() -> {
                    throw new IllegalStateException("Redis does not answer");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(left("user", "alice")).isEqualTo(3);
    }

    @Test
    void aGuessThatIsNeverSettledEndsByItself() {
        Begun lost = begin(ALICE, "lost");
        assertThat(lost.flight().isEmpty()).isFalse();
        Begun second = begin(ALICE, "second");
        connections.send(second.flight());
        assertThat(left("user", "alice")).isEqualTo(3);
        node.nanos.addAndGet(
                KnownSessions.LONGEST_GUESS.plus(Duration.ofSeconds(1)).toNanos());
        Begun third = begin(ALICE, "third");
        connections.send(third.flight());
        assertThat(left("user", "alice")).isEqualTo(2);
    }

    @Test
    void theSessionIsNotOpenedForTheLimitsWhereNoRuleCountsUsers() {
        node.rules(rule("ip", "ip", "2/day"));
        Begun begun = begin(ALICE, "s");
        connections.send(begun.flight());
        assertThat(begun.check().decision(() -> {
                    throw new AssertionError("opened");
                }))
                .isInstanceOf(LimitDecision.Allowed.class);
        node.rules(costing(rule("ip", "ip", "2/day"), 2), rule("user", "user", "3/day"));
        Begun refused = begin(ALICE, "s");
        connections.send(refused.flight());
        assertThat(refused.check().decision(() -> {
                    throw new AssertionError("opened");
                }))
                .as("refused for every user")
                .isInstanceOf(LimitDecision.Refused.class);
    }

    private record Begun(ClaimedSessionCheck check, Pipeline flight) {}

    private Begun begin(@Nullable String userTag, String sessionId) {
        Pipeline pipeline = new Pipeline();
        RateLimitRequest request = LimiterFixture.request("203.0.113.7", userTag);
        return new Begun(new ClaimedSessionCheck(node.limiter, request, sessionId, pipeline), pipeline);
    }

    private static LimitDecision send(Begun begun, @Nullable String userOfSession) {
        if (!begun.flight().isEmpty()) {
            connections.send(begun.flight());
        }
        LimitDecision decision = begun.check().decision(() -> userOfSession);
        begun.check().settle(200);
        return decision;
    }

    /** How many tokens a counter has; asks no limiter, so that nothing is remembered. */
    private long left(String level, String key) {
        return node().limiter.inspect(level, key).get(0).remaining();
    }
}
