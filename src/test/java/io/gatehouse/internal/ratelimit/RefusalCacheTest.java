package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.request;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** At the end of a refusal one request asks Redis, and the others wait for its answer as refused ones. */
@RedisTest
class RefusalCacheTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final RateLimitRule SMALL = rule("small", "ip", "1/hour");
    private static final RateLimitRequest CLIENT = request("203.0.113.7", "tag");
    private static final int THREADS = 16;

    private CountingProxy proxy;
    private RedisConnections redis;

    @BeforeEach
    void connect() {
        proxy = new CountingProxy(REDIS.port());
        redis = LimiterFixture.connect(proxy.url());
    }

    @AfterEach
    void close() {
        redis.close();
        proxy.close();
    }

    /** Returns a node that refuses the client, whose refusal has just ended. */
    private LimiterFixture atTheEndOfARefusal(RateLimitRule... rules) {
        LimiterFixture node = new LimiterFixture(redis, rules);
        assertThat(node.allows(CLIENT)).isTrue();
        assertThat(node.allows(CLIENT)).isFalse();
        node.nanos.addAndGet(RefusalCache.LONGEST.toNanos());
        proxy.takeRoundTrips();
        return node;
    }

    private static boolean asks(LimiterFixture node) {
        return !node.limiter.begin(CLIENT, new Pipeline()).isRefused();
    }

    @Test
    void ofManyThreadsOneAsks() throws Exception {
        LimiterFixture node = atTheEndOfARefusal(SMALL, rule("large", "user", "1000/hour"));
        CountDownLatch begun = new CountDownLatch(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Boolean>> refused = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                refused.add(threads.submit(() -> {
                    Pipeline pipeline = new Pipeline();
                    RateLimitCheck check = node.limiter.begin(CLIENT, pipeline);
                    begun.countDown();
                    begun.await();
                    if (!check.isRefused()) {
                        redis.send(pipeline);
                    }
                    return check.decision() instanceof LimitDecision.Refused;
                }));
            }
            for (Future<Boolean> one : refused) {
                assertThat(one.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        assertThat(node.allows(CLIENT)).as("the answer is known on this node").isFalse();
        assertThat(proxy.takeRoundTrips()).isZero();
    }

    @Test
    void aGrantEndsTheRefusalForEveryRequest() {
        LimiterFixture node = atTheEndOfARefusal(SMALL);
        assertThat(new LimiterFixture(redis, SMALL).limiter.reset("ip", "203.0.113.7"))
                .isEqualTo(1);
        assertThat(node.allows(CLIENT)).isTrue();
        proxy.takeRoundTrips();
        assertThat(node.allows(CLIENT)).isFalse();
        assertThat(proxy.takeRoundTrips()).as("asked Redis").isEqualTo(1);
    }

    @Test
    void aGrantOutlivesTheNoteOfAnEarlierRefusal() {
        LimiterFixture node = atTheEndOfARefusal(SMALL);
        Pipeline slow = new Pipeline();
        RateLimitCheck early = node.limiter.begin(CLIENT, slow);
        redis.send(slow);
        node.nanos.addAndGet(RefusalCache.LONGEST_QUESTION.toNanos());
        assertThat(new LimiterFixture(redis, SMALL).limiter.reset("ip", "203.0.113.7"))
                .isEqualTo(1);
        Pipeline granted = new Pipeline();
        RateLimitCheck late = node.limiter.begin(CLIENT, granted);
        redis.send(granted);
        assertThat(early.decision()).isInstanceOf(LimitDecision.Refused.class);
        assertThat(late.decision()).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(asks(node)).isTrue();
    }

    @Test
    void anotherAsksIfTheFirstNeverGetsItsAnswer() {
        LimiterFixture node = atTheEndOfARefusal(SMALL);
        assertThat(asks(node)).isTrue();
        assertThat(asks(node)).isFalse();
        node.nanos.addAndGet(RefusalCache.LONGEST_QUESTION.toNanos() - 1);
        assertThat(asks(node)).isFalse();
        node.nanos.incrementAndGet();
        assertThat(asks(node)).isTrue();
        assertThat(asks(node)).isFalse();
    }

    @Test
    void aQuestionWithoutAnAnswerEndsTheRefusal() {
        LimiterFixture node = atTheEndOfARefusal(LimiterFixture.with(SMALL, RateLimitRule.OnRedisFailure.OPEN));
        Pipeline lost = new Pipeline();
        RateLimitCheck check = node.limiter.begin(CLIENT, lost);
        try (RedisConnections nowhere = LimiterFixture.connect("redis://127.0.0.1:1/0")) {
            nowhere.send(lost);
        }
        assertThat(check.decision()).isInstanceOf(LimitDecision.Allowed.class);
        assertThat(asks(node)).isTrue();
        assertThat(asks(node)).isTrue();
    }

    @Test
    void aQuestionThatThrowsEndsTheRefusal() {
        LimiterFixture node = atTheEndOfARefusal(SMALL);
        RateLimitCheck neverSent = node.limiter.begin(CLIENT, new Pipeline());
        assertThatThrownBy(neverSent::decision).isInstanceOf(IllegalStateException.class);
        assertThat(asks(node)).isTrue();
    }

    @Test
    void aRequestThatIsRefusedByAnotherRuleDoesNotAsk() {
        LimiterFixture node = atTheEndOfARefusal(SMALL, rule("users", "user", "1/hour"));
        RateLimitRequest onlyUser = new RateLimitRequest("GET", "/page", null, "tag", header -> null);
        assertThat(node.limiter.begin(onlyUser, new Pipeline()).isRefused()).isFalse();
        assertThat(asks(node)).as("asks for both counters").isFalse();
        assertThat(node.limiter.begin(request("203.0.113.7"), new Pipeline()).isRefused())
                .as("asks for the address")
                .isFalse();
    }

    @Test
    void aRequestThatLosesARaceLetsTheNextOneAsk() {
        CounterKeys keys = new CounterKeys(Keys.ring(LimiterFixture.KEYS), "g", "app", new UserLimits(() -> 0));
        RequestAttributes attributes = RequestAttributes.of(CLIENT, "/page");
        CounterCharge first = Objects.requireNonNull(keys.find(SMALL, attributes));
        CounterCharge second = Objects.requireNonNull(keys.find(rule("users", "user", "1/hour"), attributes));
        AtomicLong nanos = new AtomicLong();
        AtomicReference<Runnable> atLookup = new AtomicReference<>(() -> {});
        RefusalCache cache = new RefusalCache(() -> {
            Objects.requireNonNull(atLookup.get()).run();
            return nanos.get();
        });
        cache.note(first, Duration.ofMillis(5));
        cache.note(second, Duration.ofMillis(5));
        nanos.set(Duration.ofMillis(5).toNanos());
        AtomicInteger lookups = new AtomicInteger();
        atLookup.set(() -> {
            if (lookups.incrementAndGet() == 3) { // this request has looked up both, and asks for the first one
                assertThat(cache.ask(second)).isZero();
            }
        });
        assertThat(new LocalRefusals(cache).find(List.of(first, second)))
                .extracting(RuleStatus::partition)
                .containsExactly(second.id());
        assertThat(cache.ask(first)).isZero();
        assertThat(cache.ask(second)).isPositive();
    }
}
