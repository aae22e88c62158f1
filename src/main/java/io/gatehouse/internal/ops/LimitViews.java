package io.gatehouse.internal.ops;

import io.gatehouse.internal.ratelimit.Explanation;
import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.login.AccountStatus;
import io.gatehouse.ratelimit.BlockedClient;
import io.gatehouse.ratelimit.RuleStatistics;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of {@link LimitOperations}. Component names are the names of the JSON members. */
public final class LimitViews {
    private LimitViews() {}

    /** A rule set: the rules, and the addresses that are always allowed or denied. */
    public record RuleSetView(String version, List<RuleView> rules, List<String> allow, List<String> deny) {}

    /**
     * One rule.
     *
     * @param statistics its statistics on this node, or null if unknown
     */
    public record RuleView(
            String name,
            List<String> methods,
            List<String> paths,
            List<String> endpoints,
            @Nullable String when,
            String level,
            long tokens,
            Duration period,
            long capacity,
            long cost,
            RateLimitRule.Mode mode,
            RateLimitRule.OnRedisFailure onRedisFailure,
            List<Integer> failures,
            boolean lease,
            @Nullable RuleStatisticsView statistics) {
        static RuleView of(RateLimitRule rule, @Nullable RuleStatistics statistics) {
            return new RuleView(
                    rule.name(),
                    rule.methods().stream().sorted().toList(),
                    rule.paths().isEmpty() && rule.isForEveryPath()
                            ? List.of("/*")
                            : rule.paths().stream().map(path -> path.text()).toList(),
                    rule.endpoints().stream().sorted().toList(),
                    rule.when().isAlways() ? null : rule.when().toString(),
                    rule.level().toString(),
                    rule.limit().tokens(),
                    rule.limit().period(),
                    rule.limit().capacity(),
                    rule.cost(),
                    rule.mode(),
                    rule.onRedisFailure(),
                    rule.failures().stream().sorted().toList(),
                    rule.prefetchShare(1) > 0,
                    statistics == null ? null : RuleStatisticsView.of(statistics));
        }

        /** Returns this rule without its statistics. */
        public RuleView withoutStatistics() {
            return new RuleView(
                    name,
                    methods,
                    paths,
                    endpoints,
                    when,
                    level,
                    tokens,
                    period,
                    capacity,
                    cost,
                    mode,
                    onRedisFailure,
                    failures,
                    lease,
                    null);
        }
    }

    /** The statistics of a rule on this node since its start. */
    public record RuleStatisticsView(
            long allowed, long refused, long wouldRefuse, long refusedLocally, long withoutRedis) {
        static RuleStatisticsView of(RuleStatistics statistics) {
            return new RuleStatisticsView(
                    statistics.allowed(),
                    statistics.refused(),
                    statistics.wouldRefuse(),
                    statistics.locally(),
                    statistics.withoutRedis());
        }
    }

    /** What each rule has done on all nodes that are alive. */
    public record RuleTotals(List<RuleTotal> rules) {}

    /** What one rule has done on all nodes that are alive. */
    public record RuleTotal(
            String rule, long allowed, long refused, long wouldRefuse, long refusedLocally, long withoutRedis) {
        static RuleTotal of(RuleStatistics sum) {
            return new RuleTotal(
                    sum.rule(), sum.allowed(), sum.refused(), sum.wouldRefuse(), sum.locally(), sum.withoutRedis());
        }
    }

    /** The counters of a scope, or the state of an account. */
    public sealed interface Inspection permits CounterList, AccountView {
        /** Returns this result as a record for {@link JsonWriter}; every implementation is one. */
        default Record document() {
            return (Record) this;
        }
    }

    /** The counters of a scope. */
    public record CounterList(String scope, List<CounterView> counters) implements Inspection {}

    /** The failed logins of an account. */
    public record AccountView(String scope, int failures, Duration lockedFor, long networks, boolean underAttack)
            implements Inspection {
        static AccountView of(String scope, AccountStatus status) {
            return new AccountView(
                    scope, status.failures(), status.lockedFor(), status.networks(), status.underAttack());
        }
    }

    /** The state of one counter. */
    public record CounterView(
            String rule,
            String level,
            RateLimitRule.Mode mode,
            boolean exhausted,
            long remaining,
            long capacity,
            Duration retryAfter,
            Duration reset) {
        static List<CounterView> of(List<RuleStatus> statuses) {
            return statuses.stream()
                    .map(status -> new CounterView(
                            status.rule().name(),
                            status.rule().level().toString(),
                            status.rule().mode(),
                            status.violated(),
                            status.remaining(),
                            status.rule().limit().capacity(),
                            status.retryAfter(),
                            status.reset()))
                    .toList();
        }
    }

    /** How many counters, or failed logins of an account, were reset. */
    public record ResetView(String scope, long reset) {}

    /** The clients that are blocked now. */
    public record BlockedView(List<BlockedClient> blocked) {}

    /** Whether a blocked client was released; false if it was not in the list. */
    public record ReleaseView(String counter, boolean released) {}

    /** The decision for a request, and the counters that it depends on. */
    public record ExplanationView(boolean passes, boolean denied, boolean exempt, List<CounterView> counters) {
        static ExplanationView of(Explanation explanation) {
            return new ExplanationView(
                    explanation.passes(),
                    explanation.denied(),
                    explanation.exempt(),
                    CounterView.of(explanation.statuses()));
        }
    }
}
