package io.gatehouse.internal.web;

import static io.gatehouse.internal.web.CounterStatuses.last;
import static io.gatehouse.internal.web.CounterStatuses.left;
import static io.gatehouse.internal.web.CounterStatuses.rule;
import static io.gatehouse.internal.web.CounterStatuses.violated;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RateLimitRule.Mode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exact values of both headers, and the counters that they must not disclose. */
class RateLimitHeadersTest {
    private static final String PK = ";pk=:cTZ1cnE2dXJxNnVy:";

    @Test
    void reportsTheRemainingTokensOfABucketAndTheTimeToRestoreThem() {
        List<RuleStatus> statuses = List.of(left(rule("login", "ip", "5/min"), 3, Duration.ofSeconds(24)));
        assertThat(RateLimitHeaders.policy(statuses, false)).isEqualTo("\"login\";q=5;w=60" + PK);
        assertThat(RateLimitHeaders.limit(statuses, false)).isEqualTo("\"login\";r=3;t=36" + PK);
    }

    @Test
    void theQuotaIsTheBurstAndTheWindowTheTimeToRestoreIt() {
        List<RuleStatus> statuses = List.of(left(rule("api", "ip", "100/hour burst 20"), 20, Duration.ZERO));
        assertThat(RateLimitHeaders.policy(statuses, false)).isEqualTo("\"api\";q=20;w=720" + PK);
        assertThat(RateLimitHeaders.limit(statuses, false)).isEqualTo("\"api\";r=20;t=720" + PK);
    }

    @Test
    void aSlidingWindowRegainsCapacityWhenItEnds() {
        RateLimitRule rule = rule("day", "ip", "sliding 100/min");
        // started 20 s ago: it ends in 40 s, and 25 of its 100 requests expire within another 15 s
        assertThat(RateLimitHeaders.limit(List.of(left(rule, 25, Duration.ofSeconds(100))), false))
                .isEqualTo("\"day\";r=25;t=55" + PK);
        assertThat(RateLimitHeaders.limit(List.of(left(rule, 100, Duration.ZERO)), false))
                .isEqualTo("\"day\";r=100;t=60" + PK);
    }

    @ParameterizedTest
    @CsvSource({"5/min,60,12", "5/min,54,6", "5/min,53.5,6", "7/min,60.000003,9", "sliding 100/min,100,41"})
    void anExhaustedQuotaReportsTheTimeUntilTheNextRequest(String limit, double reset, long expected) {
        Duration untilAll = Duration.ofNanos((long) (reset * 1_000_000_000));
        assertThat(RateLimitHeaders.limit(List.of(left(rule("x", "ip", limit), 0, untilAll)), false))
                .isEqualTo("\"x\";r=0;t=" + expected + PK);
    }

    @ParameterizedTest
    @CsvSource({"0.000001,1", "0.4,1", "1,1", "1.000001,2", "11.999,12", "12,12", "86400,86400"})
    void roundsTheTimeUntilTheNextRequestUp(String seconds, long expected) {
        Duration wait = Duration.ofNanos((long) (Double.parseDouble(seconds) * 1_000_000_000));
        assertThat(RateLimitHeaders.seconds(wait)).isEqualTo(expected);
        assertThat(RateLimitHeaders.limit(List.of(last(rule("x", "ip", "5/min"), wait, wait)), false))
                .isEqualTo("\"x\";r=0;t=" + expected + PK);
    }

    @Test
    void reportsAtLeastOneSecond() {
        assertThat(RateLimitHeaders.seconds(Duration.ZERO)).isEqualTo(1);
        assertThat(RateLimitHeaders.seconds(Duration.ofSeconds(-5))).isEqualTo(1);
        List<RuleStatus> fast = List.of(left(rule("fast", "ip", "1000/s"), 1, Duration.ofMillis(999)));
        assertThat(RateLimitHeaders.policy(fast, false)).startsWith("\"fast\";q=1000;w=1;");
        assertThat(RateLimitHeaders.limit(fast, false)).startsWith("\"fast\";r=1;t=1;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5/min", "7/min", "100/hour burst 20", "10/min burst 100", "sliding 9/day", "999/s"})
    void theReportedRateNeverExceedsThePolicy(String limit) {
        RateLimitRule rule = rule("x", "ip", limit);
        for (long remaining = 1; remaining <= rule.limit().capacity(); remaining++) {
            List<RuleStatus> statuses = List.of(left(rule, remaining, Duration.ZERO));
            ListElement<?> policy =
                    parsed(RateLimitHeaders.policy(statuses, false)).get(0);
            ListElement<?> item =
                    parsed(RateLimitHeaders.limit(statuses, false)).get(0);
            assertThat(number(item, "r")).isEqualTo(remaining);
            assertThat((number(item, "t") + 0.5) * number(policy, "q"))
                    .isGreaterThanOrEqualTo((double) remaining * number(policy, "w"));
        }
    }

    @Test
    void countsRequestsIfTheyCostSeveralTokens() {
        RateLimitRule rule = rule("report", "ip", "100/hour", 30, Mode.ENFORCE);
        List<RuleStatus> statuses = List.of(
                new RuleStatus(rule, CounterStatuses.PARTITION, false, 29, Duration.ZERO, Duration.ofSeconds(2556)));
        assertThat(RateLimitHeaders.policy(statuses, false)).isEqualTo("\"report\";q=3;w=3600" + PK);
        assertThat(RateLimitHeaders.limit(statuses, false)).isEqualTo("\"report\";r=0;t=36" + PK);
    }

    @Test
    void keepsTheOrderOfRulesAndOmitsRulesInTrialMode() {
        List<RuleStatus> statuses = List.of(
                left(rule("z", "ip", "5/min"), 5, Duration.ZERO),
                violated(rule("trial", "ip", "1/min", 1, Mode.DRY_RUN), Duration.ofSeconds(9), Duration.ofSeconds(9)),
                left(rule("a", "network", "9/min"), 9, Duration.ZERO));
        assertThat(RateLimitHeaders.policy(statuses, false)).isEqualTo("\"z\";q=5;w=60" + PK + ", \"a\";q=9;w=60" + PK);
        assertThat(RateLimitHeaders.limit(statuses, false)).isEqualTo("\"z\";r=5;t=60" + PK + ", \"a\";r=9;t=60" + PK);
    }

    @ParameterizedTest
    @CsvSource({
        "ip,true,true",
        "network,true,true",
        "api-key,true,true",
        "ip+endpoint,true,true",
        "api-key+user,false,true",
        "user,false,true",
        "user+ip,false,true",
        "user+header:x-tenant,false,true",
        "header:x-tenant+ip,true,true",
        "header:x-tenant,false,false",
        "header:x-tenant+endpoint,false,false"
    })
    void showsACounterOnlyToItsClient(String level, boolean toAnonymous, boolean toUsers) {
        List<RuleStatus> statuses = List.of(left(rule("x", level, "5/min"), 3, Duration.ofSeconds(24)));
        assertThat(RateLimitHeaders.policy(statuses, false)).isEqualTo("\"x\";q=5;w=60" + (toAnonymous ? PK : ""));
        assertThat(RateLimitHeaders.limit(statuses, false)).isEqualTo(toAnonymous ? "\"x\";r=3;t=36" + PK : "");
        assertThat(RateLimitHeaders.policy(statuses, true)).isEqualTo("\"x\";q=5;w=60" + (toUsers ? PK : ""));
        assertThat(RateLimitHeaders.limit(statuses, true)).isEqualTo(toUsers ? "\"x\";r=3;t=36" + PK : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"global", "endpoint"})
    void neverShowsSharedCounters(String level) {
        List<RuleStatus> statuses = List.of(left(rule("all", level, "5000/s"), 12, Duration.ofSeconds(1)));
        assertThat(RateLimitHeaders.policy(statuses, true)).isEmpty();
        assertThat(RateLimitHeaders.limit(statuses, true)).isEmpty();
    }

    @Test
    void clientsParseTheRateLimitHeaders() {
        String name = "0-a_b.c" + "x".repeat(57);
        List<RuleStatus> statuses = List.of(
                left(rule(name, "ip", "sliding 100000/366d"), 99_999, Duration.ofDays(700)),
                left(rule("huge", "ip", "999999999999/366d"), Long.MAX_VALUE, Duration.ZERO));
        List<? extends ListElement<?>> policies = parsed(RateLimitHeaders.policy(statuses, false));
        List<? extends ListElement<?>> limits = parsed(RateLimitHeaders.limit(statuses, false));
        assertThat(policies).extracting(ListElement::get).isEqualTo(List.of(name, "huge"));
        assertThat(limits).extracting(ListElement::get).isEqualTo(List.of(name, "huge"));
        assertThat(number(policies.get(0), "q")).isEqualTo(100_000);
        assertThat(number(policies.get(0), "w")).isEqualTo(366 * 86_400);
        assertThat(number(limits.get(0), "r")).isEqualTo(99_999);
        assertThat(number(limits.get(1), "r")).isEqualTo(999_999_999_999_999L);
        assertThat(policies.get(0).getParams().keySet()).containsExactly("q", "w", "pk");
        assertThat(limits.get(0).getParams().keySet()).containsExactly("r", "t", "pk");
        assertThat(value(limits.get(0), "pk"))
                .isEqualTo(ByteBuffer.wrap(CounterStatuses.PARTITION.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<? extends ListElement<?>> parsed(String field) {
        return Parser.parseList(field).get();
    }

    private static long number(ListElement<?> item, String parameter) {
        return (Long) value(item, parameter);
    }

    private static Object value(ListElement<?> item, String parameter) {
        return Objects.requireNonNull(item.getParams().get(parameter)).get();
    }
}
