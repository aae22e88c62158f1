package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import io.gatehouse.session.EndReason;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Back-channel logout through the endpoint of two nodes that share one Redis. */
@RedisTest
class BackChannelLogoutTest {
    private static final TestProvider PROVIDER = new TestProvider();
    private static TestRedis redis;
    private static LogoutApp one;
    private static LogoutApp two;

    @BeforeAll
    static void start(TestRedis shared) {
        redis = shared;
        one = new LogoutApp(shared, PROVIDER, Map.of());
        two = new LogoutApp(shared, PROVIDER, Map.of());
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void endsTheSessionsOfTheUserOnEveryNode() {
        Browser laptop = one.login("alice", "s1");
        Browser phone = two.login("alice", "s2");
        Browser bob = one.login("bob", "s3");
        assertThat(two.who(laptop)).isEqualTo("alice");
        assertThat(one.who(phone)).isEqualTo("alice");

        Browser.Answer answer = one.backChannel(PROVIDER.token(claims -> claims.subject("alice")));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.setCookies()).isEmpty();
        for (LogoutApp node : List.of(one, two)) {
            assertThat(node.who(laptop)).isEqualTo("no session");
            assertThat(node.who(phone)).isEqualTo("no session");
            assertThat(node.who(bob)).isEqualTo("bob");
        }
    }

    @Test
    void endsOnlyTheSessionsOfTheProvidersSession() {
        Browser shop = one.login("alice", "s1");
        Browser sameSid = two.login("alice", "s1");
        Browser otherSid = two.login("alice", "s2");
        long before = ended(one) + ended(two);

        assertThat(two.backChannel(
                                PROVIDER.token(claims -> claims.subject("alice").claim("sid", "s1")))
                        .status())
                .isEqualTo(200);

        for (LogoutApp node : List.of(one, two)) {
            assertThat(node.who(shop)).isEqualTo("no session");
            assertThat(node.who(sameSid)).isEqualTo("no session");
            assertThat(node.who(otherSid)).isEqualTo("alice");
        }
        assertThat(ended(one) + ended(two)).isEqualTo(before + 2);
    }

    private static long ended(LogoutApp node) {
        return node.app().gatehouse().sessions().counters().ended(EndReason.PROVIDER);
    }

    @Test
    void endsTheSessionWhoseProviderSessionIsNamedAlone() {
        Browser browser = one.login("alice", "s1");
        assertThat(two.backChannel(PROVIDER.token(claims -> claims.claim("sid", "s1")))
                        .status())
                .isEqualTo(200);
        assertThat(one.who(browser)).isEqualTo("no session");
    }

    @Test
    void followsTheSessionToAnotherProviderSession() {
        Browser browser = one.login("alice", "s1");
        browser.get(two.app().url("/login?user=alice&sid=s2"));
        one.backChannel(PROVIDER.token(claims -> claims.claim("sid", "s1")));
        assertThat(one.who(browser)).isEqualTo("alice");
        one.backChannel(PROVIDER.token(claims -> claims.claim("sid", "s2")));
        assertThat(one.who(browser)).isEqualTo("no session");
    }

    @Test
    void succeedsWhenThereIsNothingToEnd() {
        assertThat(one.backChannel(
                                PROVIDER.token(claims -> claims.subject("carol").claim("sid", "a,\"b\"")))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void acceptsAnIdOnceInTheCluster() {
        String token = PROVIDER.token(claims -> claims.subject("alice"));
        assertThat(one.backChannel(token).status()).isEqualTo(200);
        Browser again = two.login("alice", "s9");
        long before = two.count(LogoutOutcome.REPLAYED);

        assertThat(two.backChannel(token).status()).isEqualTo(400);
        assertThat(one.backChannel(token).status()).isEqualTo(400);

        assertThat(two.count(LogoutOutcome.REPLAYED)).isEqualTo(before + 1);
        assertThat(one.who(again)).isEqualTo("alice");
    }

    @Test
    void acceptsAnIdOnceAlsoIfBothNodesReceiveItAtTheSameMoment() throws InterruptedException {
        for (int round = 0; round < 5; round++) {
            String token = PROVIDER.token(claims -> claims.subject("alice"));
            Set<Integer> accepted = ConcurrentHashMap.newKeySet();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> senders = IntStream.range(0, 8)
                    .mapToObj(number -> new Thread(() -> {
                        try {
                            start.await();
                        } catch (InterruptedException e) {
                            return;
                        }
                        if ((number % 2 == 0 ? one : two).backChannel(token).status() == 200) {
                            accepted.add(number);
                        }
                    }))
                    .toList();
            senders.forEach(Thread::start);
            start.countDown();
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(accepted).hasSize(1);
        }
    }

    @Test
    void answersEveryBadTokenWith400AndLeavesOnlyACounter() throws JOSEException {
        Browser alice = one.login("alice", "s1");
        Set<String> keys = Set.copyOf(redis.keys());
        try (LogCapture log = new LogCapture("io.gatehouse")) {
            for (Map.Entry<String, TestProvider.BadToken> bad :
                    PROVIDER.badTokens().entrySet()) {
                LogoutOutcome outcome = bad.getValue().outcome();
                long before = one.count(outcome);
                Browser.Answer answer = one.backChannel(bad.getValue().token());
                assertThat(answer.status()).as(bad.getKey()).isEqualTo(400);
                assertThat(answer.body()).as(bad.getKey()).isEmpty();
                assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
                assertThat(one.count(outcome)).as(bad.getKey()).isEqualTo(before + 1);
            }
            assertThat(log.lines().stream().filter(line -> !line.startsWith("FINE")))
                    .isEmpty();
        }
        assertThat(redis.keys()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(two.who(alice)).isEqualTo("alice");
    }

    @Test
    void answersARequestWithoutOneTokenWith400() {
        String token = LogoutApp.encoded(PROVIDER.token(claims -> claims.subject("alice")));
        assertThat(one.post("").status()).isEqualTo(400);
        assertThat(one.post("token=" + token).status()).isEqualTo(400);
        assertThat(one.post("logout_token=" + token + "&logout_token=" + token).status())
                .isEqualTo(400);
        assertThat(one.post("logout_token=" + "x".repeat(100_000)).status()).isEqualTo(400);
    }

    @Test
    void servesNothingElse() {
        Browser.Answer answer = one.get("backchannel-logout");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("POST");
        assertThat(one.get("frontchannel-logout").status()).isEqualTo(404);
        assertThat(one.get("").status()).isEqualTo(404);
    }
}
