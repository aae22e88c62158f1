package io.gatehouse.internal.ratelimit;

import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.ratelimit.LimitResolver;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Tests of limits that the application's resolver gives to users. */
@RedisTest
class UserLimitsTest {
    private static final RedisConnections CONNECTIONS =
            LimiterFixture.connect(TestRedis.shared().url());

    private final LimiterFixture node = new LimiterFixture(CONNECTIONS, rule("calls", "user", "sliding 2/hour"));
    private final AtomicInteger calls = new AtomicInteger();

    @AfterAll
    static void stop() {
        CONNECTIONS.close();
    }

    private void resolve(Executor executor, LimitResolver resolver) {
        node.limiter
                .userLimits()
                .resolveBy(
                        (rule, user) -> {
                            calls.incrementAndGet();
                            return resolver.limit(rule, user);
                        },
                        executor);
    }

    /** Returns how many of ten checks of a user are allowed. */
    private int allowed(String user) {
        int allowed = 0;
        for (int i = 0; i < 10; i++) {
            allowed += node.limiter.checkUser(user, "export") instanceof LimitDecision.Allowed ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void aUserHasTheLimitOfTheResolverAndOthersThatOfTheRule() {
        resolve(
                Runnable::run,
                (rule, user) -> user.equals("alice") && rule.equals("calls")
                        ? Optional.of("sliding 5/hour")
                        : Optional.empty());
        assertThat(allowed("alice")).isEqualTo(5);
        assertThat(allowed("bob")).isEqualTo(2);
        assertThat(calls).hasValue(2);
        assertThat(node.limiter.inspect("user", "alice").get(0).rule().limit().capacity())
                .isEqualTo(5);
        assertThat(node.limiter.reset("user", "alice")).isEqualTo(1);
        assertThat(allowed("alice")).isEqualTo(5);
    }

    @Test
    void aRequestHasTheLimitOnceTheNameOfItsUserIsKnown() {
        resolve(Runnable::run, (rule, user) -> Optional.of("sliding 4/hour"));
        int allowed = node.allows(LimiterFixture.request("203.0.113.7", "tag of carol")) ? 1 : 0;
        assertThat(calls).hasValue(0);
        node.limiter.userLimits().learn("tag of carol", "carol");
        for (int i = 0; i < 9; i++) {
            allowed += node.allows(LimiterFixture.request("203.0.113.7", "tag of carol")) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(4);
    }

    @Test
    void aResultIsAskedForAgainAfterAWhile() {
        resolve(Runnable::run, (rule, user) -> Optional.of("sliding " + calls.get() + "/hour"));
        assertThat(allowed("alice")).isEqualTo(1);
        node.nanos.addAndGet(UserLimits.VALID.toNanos());
        assertThat(allowed("alice")).isEqualTo(1); // 2 an hour now, of which one is used
    }

    @Test
    void theLimitOfTheRuleAppliesIfTheResolverFailsAndOneWarningSaysSo() {
        try (LogCapture log = new LogCapture(UserLimits.class.getName())) {
            resolve(Runnable::run, (rule, user) -> switch (user) {
                case "throws" -> throw new IllegalStateException("no database");
                case "invalid" -> Optional.of("lots");
                default -> Optional.of("0/hour");
            });
            assertThat(allowed("throws")).isEqualTo(2);
            assertThat(allowed("invalid")).isEqualTo(2);
            assertThat(allowed("zero")).isEqualTo(2);
            assertThat(log.lines()).singleElement().asString().contains("no database", "rule calls");
        }
        resolve(
                work -> {
                    throw new RejectedExecutionException();
                },
                (rule, user) -> Optional.of("sliding 9/hour"));
        assertThat(allowed("rejected")).isEqualTo(2);
    }

    @Test
    void aResolverThatHangsDelaysOneCheckOnly() {
        CountDownLatch stopped = new CountDownLatch(1);
        resolve(
                work -> {
                    Thread thread = new Thread(work);
                    thread.setDaemon(true);
                    thread.start();
                },
                (rule, user) -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        stopped.countDown();
                    }
                    return Optional.empty();
                });
        assertThat(allowed("alice")).isEqualTo(2);
        assertThat(allowed("bob")).isEqualTo(2);
        assertThat(calls).hasValue(1);
        assertThat(stopped)
                .satisfies(
                        latch -> assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue());
    }

    @Test
    void callsThatDoNotEndAreBoundedAndOthersFollowWhenTheyHaveEnded() throws InterruptedException {
        Queue<Runnable> hanging = new ConcurrentLinkedQueue<>();
        resolve(hanging::add, (rule, user) -> Optional.of("sliding 4/hour"));
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> requests = IntStream.range(0, 2 * UserLimits.MOST_CALLS)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    LimitDecision unused = node.limiter.checkUser("user" + i, "export");
                }))
                .toList();
        requests.forEach(Thread::start);
        start.countDown();
        for (Thread request : requests) {
            request.join();
        }
        assertThat(hanging.size()).isBetween(1, UserLimits.MOST_CALLS);
        hanging.forEach(Runnable::run);
        node.nanos.addAndGet(UserLimits.PAUSE.toNanos());
        resolve(Runnable::run, (rule, user) -> Optional.of("sliding 4/hour"));
        assertThat(allowed("alice")).isEqualTo(4);
    }
}
