package io.gatehouse.internal.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.login.LoginAttempt;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Reason;
import io.gatehouse.login.LoginListener;
import io.gatehouse.ratelimit.LoginClockShift;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Simulates attacks and measures how many guesses they get. The numbers are those of login-protection.md. */
@RedisTest
class LoginAttackTest {
    private static TestRedis redis;
    private static RedisConnections connections;

    private final List<String> attacked = new ArrayList<>();
    private final List<String> sprayers = new ArrayList<>();
    private final List<Reason> refusals = new ArrayList<>();
    private LoginNode node;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        connections =
                Connections.with(Map.of("REDIS_RATE_LIMIT_URL", redis.url()), EnumSet.of(RedisPurpose.RATE_LIMIT));
    }

    @AfterAll
    static void stop() {
        connections.close();
    }

    @BeforeEach
    void fresh() {
        node = fleetNode();
    }

    private LoginNode fleetNode() {
        return new LoginNode(connections, Map.of(), InstantSource.system(), new LoginListener() {
            @Override
            public void lockedOut(String account, LoginDecision.Denied refusal) {
                refusals.add(refusal.reason());
                throw new IllegalStateException("a broken observer");
            }

            @Override
            public void underAttack(String account) {
                attacked.add(account);
                throw new IllegalStateException("a broken observer");
            }

            @Override
            public void spraying(String address, Duration refusedFor) {
                sprayers.add(address);
                throw new IllegalStateException("a broken observer");
            }
        });
    }

    private static void pass(Duration time) {
        LoginClockShift.pass(List.of(redis), time);
    }

    @Test
    void credentialStuffingFromOneAddressGetsTwentyOneGuessesInTenMinutes() {
        long looked = IntStream.range(0, 1000)
                .filter(i -> node.guess("user" + i, 1, null))
                .count();
        assertThat(looked).isEqualTo(21);
        assertThat(sprayers).containsExactly("10.0.1.1");
        assertThat(node.guard.count(LoginEvent.SPRAYING)).isEqualTo(979);
        assertThat(node.refused("user999", 1, null).reason()).isEqualTo(Reason.SPRAYING);
        assertThat(node.guess("user999", 2, null)).isTrue();
    }

    /** An estimate would be off by some accounts. */
    @Test
    void countsTheAccountsOfAnAddressExactly() {
        LoginNode patient = new LoginNode(
                connections, Map.of("GATEHOUSE_LOGIN_SPRAY_LIMIT", "1000"), InstantSource.system(), LoginListener.NONE);
        long looked = IntStream.range(0, 1100)
                .filter(i -> patient.guess("user" + i, 7, null))
                .count();
        assertThat(looked).isEqualTo(1001);
        assertThat(redis.keys().stream()
                        .filter(key -> key.endsWith("}:lf"))
                        .map(key -> redis.hash(key).size()))
                .as("accounts that an address can add")
                .containsExactly(1001);
    }

    @Test
    void concurrentFailuresFromASprayingAddressNotifyListenersOnce() {
        List<LoginAttempt> inProgress = IntStream.range(0, 25)
                .mapToObj(i -> node.pass("user" + i, 1, null))
                .toList();
        inProgress.forEach(LoginAttempt::failed);
        assertThat(sprayers).hasSize(1);
        assertThat(node.refused("fresh", 1, null).reason()).isEqualTo(Reason.SPRAYING);
    }

    @Test
    void aValidAccountOfItsOwnDoesNotClearAnAttackersRecord() {
        for (int i = 0; i < 21; i++) {
            node.guess("user" + i, 1, null);
            if (i < 20) {
                node.pass("mallory", 1, null).succeeded();
            }
        }
        assertThat(node.refused("fresh", 1, null).reason()).isEqualTo(Reason.SPRAYING);
        node.guessAll("alice", 2, null);
        node.pass("mallory", 2, null).succeeded();
        assertThat(node.refused("alice", 2, null).reason()).isEqualTo(Reason.LOCKED);
    }

    @Test
    void passwordSprayingOverManyAddressesGetsFiveGuessesAtAnAccount() {
        long looked = IntStream.range(0, 200)
                .filter(i -> node.guess("alice", 100 + i, null))
                .count();
        assertThat(looked).isEqualTo(5);
        assertThat(refusals).hasSize(195).containsOnly(Reason.LOCKED);
        assertThat(attacked).hasSize(1);
        assertThat(node.guard.count(LoginEvent.UNDER_ATTACK)).isEqualTo(1);
        assertThat(node.guard.inspect("alice").underAttack()).isTrue();
        assertThat(node.guard.inspect("alice").networks()).isBetween(190L, 210L);
    }

    @Test
    void bruteForceOnOneAccountGetsThirtyFourGuessesInADay() {
        LockoutPolicy lockoutPolicy = LoginNode.settings(Map.of()).lockoutPolicy();
        int looked = 0;
        Duration clock = Duration.ZERO;
        while (clock.compareTo(Duration.ofHours(24)) < 0) {
            looked += node.guessAll("alice", looked, null);
            Duration wait = Duration.ofMillis(lockoutPolicy.waitMillis(looked));
            pass(wait);
            clock = clock.plus(wait);
        }
        assertThat(looked).isEqualTo(34);
    }

    @Test
    void bruteForceOnOneAccountEndsAfterAHundredGuessesUntilADayHasPassed() {
        int looked = 0;
        for (int hour = 0; hour < 200; hour++) {
            looked += node.guessAll("alice", hour % 7, null);
            pass(Duration.ofHours(1));
            if (looked == LockoutPolicy.MOST) {
                break;
            }
        }
        assertThat(looked).isEqualTo(100);
        pass(Duration.ofHours(22));
        assertThat(node.refused("alice", 1, null).retryAfter()).isLessThanOrEqualTo(Duration.ofHours(1));
        pass(Duration.ofHours(1));
        assertThat(node.guessAll("alice", 1, null)).isEqualTo(5);
    }

    @Test
    void slowGuessingGetsNoMoreThanTheFreeGuessesADay() {
        int looked = 0;
        for (int day = 0; day < 7; day++) {
            for (int guess = 0; guess < 4; guess++) {
                looked += node.guess("alice", day, null) ? 1 : 0;
            }
            pass(Duration.ofHours(12));
            looked += node.guess("alice", day, null) ? 1 : 0;
            pass(Duration.ofHours(24));
        }
        assertThat(looked).isEqualTo(35);
        assertThat(attacked).isEmpty();
    }

    @Test
    void aGuessEveryHourStopsAtAHundred() {
        long looked = IntStream.range(0, 120)
                .filter(hour -> {
                    pass(Duration.ofHours(1));
                    return node.guess("alice", hour, null);
                })
                .count();
        assertThat(looked).isEqualTo(100);
        assertThat(attacked).hasSize(5); // reported once on each of five days
    }

    @Test
    void anAttackerCannotLockTheOwnerOut() {
        String cookie = node.logIn("owner", 1, null);
        for (int round = 0; round < 30; round++) {
            node.guessAll("owner", 50 + round, null);
            pass(Duration.ofHours(1));
        }
        node.guessAll("owner", 99, null);
        assertThat(node.logIn("owner", 1, cookie)).isEqualTo(cookie);
        assertThat(node.logIn("owner", 2, cookie)).isEqualTo(cookie);

        Duration stated = node.refused("owner", 3, null).retryAfter();
        assertThat(stated).isLessThanOrEqualTo(Duration.ofHours(1));
        IntStream.range(0, 50)
                .forEach(i -> assertThat(node.guess("owner", 99, null)).isFalse());
        pass(stated);
        assertThat(node.logIn("owner", 3, null)).isNotEmpty();
    }

    @Test
    void aStolenDeviceCookieGetsNoMoreGuessesThanAnUnknownBrowser() {
        String stolen = node.logIn("owner", 1, null);
        String safe = node.logIn("owner", 2, null);
        assertThat(node.guessAll("owner", 66, stolen)).isEqualTo(5);
        node.logIn("owner", 2, safe);
        assertThat(node.guessAll("owner", 66, stolen)).isZero();
        pass(Duration.ofSeconds(30));
        assertThat(node.guessAll("owner", 66, stolen)).isEqualTo(1);
    }

    @Test
    void aForgedOrForeignDeviceCookieIsAnUnknownBrowser() {
        String foreign = node.logIn("mallory", 1, null);
        String forged = foreign.substring(0, foreign.length() - 2) + "AA";
        node.guessAll("owner", 1, null);
        assertThat(node.guess("owner", 1, foreign)).isFalse();
        assertThat(node.guess("mallory", 1, forged)).isTrue();
        assertThat(node.guard.inspect("mallory").failures()).isEqualTo(1);
    }

    @Test
    void otherSpellingsDoNotBypassTheLimit() {
        long looked =
                List.of("alice", "ALICE", "álice", " alice", "al\u200Bice", "ａlice", "alicE", "alice\u0000").stream()
                        .filter(name -> node.guess(name, 1, null))
                        .count();
        assertThat(looked).isEqualTo(5);
    }

    @Test
    void namesThatLookLikeKeysOrPatternsAffectNoOtherAccount() {
        node.guess("victim", 1, null);
        List<String> odd = List.of(
                "*", "victim*", "[v]ictim", "r", "}:l", "{app.x}:l", "a\u0000b", "\uD83D", "x".repeat(1_000_000));
        odd.forEach(name -> {
            assertThat(node.guessAll(name, 2, null)).isEqualTo(5);
            node.guard.reset(name);
            assertThat(node.guard.inspect(name).failures()).isZero();
        });
        assertThat(node.guard.inspect("victim").failures()).isEqualTo(1);
        assertThat(redis.keys()).allMatch(key -> key.matches("gatehouse:\\{app\\.[A-Za-z0-9_-]{22}}:(l|ln|lf)"));
    }
}
