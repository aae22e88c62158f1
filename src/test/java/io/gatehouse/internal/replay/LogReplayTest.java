package io.gatehouse.internal.replay;

import static io.gatehouse.internal.ratelimit.LimiterFixture.costing;
import static io.gatehouse.internal.ratelimit.LimiterFixture.countingFailures;
import static io.gatehouse.internal.ratelimit.LimiterFixture.rule;
import static io.gatehouse.internal.ratelimit.LimiterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.LimiterFixture;
import io.gatehouse.internal.ratelimit.RateLimitCheck;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.internal.rules.TestRule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a replay gives the same decisions as the limiter, and reports them. */
class LogReplayTest {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    /** The clock of the fixture. */
    private static final long START = 1_790_000_000;

    private static String line(long second, String host, String user, String request, int status) {
        return "%s - %s [%s] \"%s HTTP/1.1\" %d 1"
                .formatted(host, user, TIME.format(Instant.ofEpochSecond(START + second)), request, status);
    }

    private static String line(long second, String host) {
        return line(second, host, "-", "GET /page", 200);
    }

    private static LogReplay replay(RateLimitRule... rules) {
        return new LogReplay(new RuleSet(List.of(rules), List.of(), List.of()), "", 64);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void refusesTheSameRequestsAsTheLimiter(long seed) {
        RateLimitRule[] rules = {
            with(rule("bucket", "ip", "10/min burst 4"), RateLimitRule.OnRedisFailure.LOCAL),
            with(rule("window", "network", "sliding 25/min"), RateLimitRule.OnRedisFailure.LOCAL),
            with(countingFailures(rule("failures", "ip", "sliding 3/min")), RateLimitRule.OnRedisFailure.LOCAL),
            with(costing(rule("dear", "user", "30/min burst 12"), 3), RateLimitRule.OnRedisFailure.LOCAL),
            with(with(rule("dry", "global", "40/min"), RateLimitRule.OnRedisFailure.LOCAL), RateLimitRule.Mode.DRY_RUN)
        };
        Random random = new Random(seed);
        LogReplay logReplay = replay(rules);
        long refused = 0;
        try (RedisConnections redis = LimiterFixture.connect("redis://127.0.0.1:1/0")) {
            LimiterFixture node = new LimiterFixture(redis, rules);
            long second = 0;
            for (int i = 0; i < 3_000; i++) {
                long step = random.nextInt(3) == 0 ? random.nextInt(12) : 0;
                second += step;
                node.nanos.addAndGet(step * 1_000_000_000);
                String host = "203.0." + random.nextInt(2) + "." + random.nextInt(3);
                String user = random.nextInt(3) == 0 ? "-" : "user" + random.nextInt(2);
                int status = random.nextInt(3) == 0 ? 401 : 200;
                logReplay.line(line(second, host, user, "GET /page", status));
                RateLimitCheck check = node.check(LimiterFixture.request(host, user.equals("-") ? null : user));
                if (check.decision() instanceof LimitDecision.Allowed) {
                    check.complete(status);
                } else {
                    refused++;
                }
            }
            ReplayReport report = logReplay.report();
            assertThat(report.refused()).isEqualTo(refused).isBetween(100L, 2_900L);
            assertThat(report.requests()).isEqualTo(3_000);
            assertThat(report.late()).isZero();
        }
    }

    @Test
    void reportsTheRefusedClientsAndTimes() {
        LogReplay logReplay = replay(rule("a", "ip", "2/hour"));
        for (int i = 0; i < 5; i++) {
            logReplay.line(line(i, "203.0.113.7"));
        }
        for (int i = 0; i < 3; i++) {
            logReplay.line(line(10 + i, "2001:db8::" + i));
        }
        logReplay.line("nonsense");
        ReplayReport report = logReplay.report();
        assertThat(report.lines()).isEqualTo(9);
        assertThat(report.notUnderstood()).isEqualTo(1);
        assertThat(report.firstNotUnderstood()).containsExactly(9L);
        assertThat(report.refused()).isEqualTo(4);
        ReplayReport.Rule rule = report.rules().get(0);
        assertThat(rule.met()).isEqualTo(8);
        assertThat(rule.counters()).isEqualTo(2);
        assertThat(rule.top())
                .containsExactly(
                        new ReplayReport.Refused("203.0.113.7", 3), new ReplayReport.Refused("2001:db8::/64", 1));
        assertThat(rule.first()).isEqualTo(Instant.ofEpochSecond(START + 2));
        assertThat(rule.last()).isEqualTo(Instant.ofEpochSecond(START + 12));
    }

    @Test
    void aRefusedRequestIsChargedToNoRule() {
        LogReplay logReplay = replay(rule("a", "ip", "1/hour"), rule("b", "global", "2/hour"));
        logReplay.line(line(0, "203.0.113.7"));
        logReplay.line(line(0, "203.0.113.7"));
        logReplay.line(line(0, "203.0.113.8"));
        assertThat(logReplay.report().refused()).isEqualTo(1);
    }

    @Test
    void aDryRunIsReportedAndRefusesNothing() {
        LogReplay logReplay = replay(with(rule("a", "ip", "1/hour"), RateLimitRule.Mode.DRY_RUN));
        logReplay.line(line(0, "203.0.113.7"));
        logReplay.line(line(0, "203.0.113.7"));
        ReplayReport report = logReplay.report();
        assertThat(report.refused()).isZero();
        assertThat(report.rules().get(0).refused()).isEqualTo(1);
        assertThat(report.rules().get(0).dryRun()).isTrue();
    }

    @Test
    void reportsRulesThatNeedDataMissingFromTheLog() {
        LogReplay logReplay = replay(
                rule("key", "api-key", "1/hour"), rule("address", "ip", "1/hour"), rule("user", "user", "1/hour"));
        logReplay.line(line(0, "client.example"));
        logReplay.line(line(0, "client.example"));
        List<ReplayReport.Rule> rules = logReplay.report().rules();
        assertThat(rules.stream().map(ReplayReport.Rule::met)).containsExactly(0L, 0L, 0L);
        assertThat(rules.stream().map(ReplayReport.Rule::without)).containsExactly(2L, 2L, 2L);
        assertThat(rules.stream().map(ReplayReport.Rule::notInLog)).containsExactly(true, false, false);
    }

    @Test
    void allowedAndDeniedAddressesAreCountedSeparately() {
        LogReplay logReplay = new LogReplay(
                new RuleSet(List.of(rule("a", "global", "1/hour")), List.of("10.0.0.0/8"), List.of("192.0.2.7")),
                "",
                64);
        for (String host : List.of("10.1.1.1", "10.1.1.1", "192.0.2.7", "203.0.113.7")) {
            logReplay.line(line(0, host));
        }
        ReplayReport report = logReplay.report();
        assertThat(report.allowed()).isEqualTo(2);
        assertThat(report.denied()).isEqualTo(1);
        assertThat(report.refused()).isZero();
        assertThat(report.rules().get(0).met()).isEqualTo(1);
    }

    @Test
    void linesThatAreSlightlyLateAreSorted() {
        LogReplay logReplay = replay(rule("a", "ip", "sliding 1/min"));
        logReplay.line(line(100, "203.0.113.7"));
        logReplay.line(line(50, "203.0.113.7")); // forty seconds before the window of the other began
        logReplay.line(line(115, "203.0.113.7"));
        ReplayReport report = logReplay.report();
        assertThat(report.first()).isEqualTo(Instant.ofEpochSecond(START + 50));
        assertThat(report.late()).isZero();
        assertThat(report.rules().get(0).first()).isEqualTo(Instant.ofEpochSecond(START + 100));
    }

    @Test
    void veryLateLinesCountAtTheReachedTimeAndAreReported() {
        LogReplay logReplay = replay(rule("a", "ip", "2/min"));
        logReplay.line(line(1_000, "203.0.113.7"));
        logReplay.line(line(2_000, "203.0.113.7"));
        logReplay.line(line(0, "203.0.113.8"));
        ReplayReport report = logReplay.report();
        assertThat(report.late()).isEqualTo(1);
        assertThat(report.first()).isEqualTo(Instant.ofEpochSecond(START + 1_000));
    }

    @Test
    void onlyRequestsBelowTheContextPathAreReplayed() {
        RateLimitRule login =
                TestRule.of("login", "ip+endpoint", "1/hour").paths("/login").build();
        LogReplay logReplay = new LogReplay(new RuleSet(List.of(login), List.of(), List.of()), "/shop/", 64);
        for (String path : List.of("/shop/login", "/shop/login?again", "/shopping", "/login", "/shop")) {
            logReplay.line(line(0, "203.0.113.7", "-", "POST " + path, 200));
        }
        ReplayReport report = logReplay.report();
        assertThat(report.elsewhere()).isEqualTo(2);
        assertThat(report.requests()).isEqualTo(3);
        assertThat(report.rules().get(0).top()).containsExactly(new ReplayReport.Refused("/login + 203.0.113.7", 1));
    }

    @Test
    void aMillionLinesNeedNoMoreMemoryThanAMinuteOfThem() {
        LogReplay logReplay = replay(rule("a", "ip", "1/s"));
        int most = 0;
        for (int i = 0; i < 1_000_000; i++) {
            logReplay.line(line(i / 100, "10." + (i >> 16 & 255) + "." + (i >> 8 & 255) + "." + (i & 255)));
            most = Math.max(most, logReplay.remembered());
        }
        assertThat(logReplay.report().requests()).isEqualTo(1_000_000);
        assertThat(most).as("counters of addresses that came once").isLessThan(3_000);
    }
}
