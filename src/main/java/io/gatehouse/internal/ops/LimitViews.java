package io.gatehouse.internal.ops;

import io.gatehouse.internal.ratelimit.Explanation;
import io.gatehouse.internal.ratelimit.RuleStatus;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.login.AccountStatus;
import io.gatehouse.ratelimit.RuleStatistics;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rate limits as operators see them. Component names are those of the JSON. */
public final class LimitViews {
    private LimitViews() {}

    /** All rules, and the lists of addresses. */
    public record RuleSetView(String version, List<RuleView> rules, List<String> allow, List<String> deny) {}

    /**
     * One rule.
     *
     * @param statistics what it has done on this node, or null if that is not known
     */
    public record RuleView(
            String name,
            List<String> methods,
            List<String> paths,
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
                    rule.paths().isEmpty()
                            ? List.of("/*")
                            : rule.paths().stream().map(path -> path.text()).toList(),
                    rule.level().toString(),
                    rule.limit().tokens(),
                    rule.limit().period(),
                    rule.limit().capacity(),
                    rule.cost(),
                    rule.mode(),
                    rule.away(),
                    rule.failures().stream().sorted().toList(),
                    rule.lease(),
                    statistics == null ? null : RuleStatisticsView.of(statistics));
        }

        /** The same without what it has done on this node. */
        public RuleView withoutStatistics() {
            return new RuleView(
                    name,
                    methods,
                    paths,
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

    /** What a rule has done on this node since its start. */
    public record RuleStatisticsView(
            long allowed, long refused, long wouldRefuse, long refusedLocally, long withoutRedis) {
        static RuleStatisticsView of(RuleStatistics statistics) {
            return new RuleStatisticsView(
                    statistics.allowed(),
                    statistics.refused(),
                    statistics.wouldRefuse(),
                    statistics.locally(),
                    statistics.away());
        }
    }

    /** The counters of a scope, or the state of an account. */
    public sealed interface Inspection permits CounterList, AccountView {
        /** The same for {@link JsonWriter}; every implementation is a record. */
        default Record document() {
            return (Record) this;
        }
    }

    /** The counters of a scope. */
    public record CounterList(String scope, List<CounterView> counters) implements Inspection {}

    /** The failed logins of an account. */
    public record AccountView(String scope, int failures, Duration lockedFor, long networks, boolean underAttack)
            implements Inspection {
        static AccountView of(String scope, AccountStatus standing) {
            return new AccountView(
                    scope, standing.failures(), standing.lockedFor(), standing.networks(), standing.underAttack());
        }
    }

    /** One counter. */
    public record CounterView(
            String rule,
            String level,
            RateLimitRule.Mode mode,
            boolean exhausted,
            long remaining,
            long capacity,
            Duration retryAfter,
            Duration reset) {
        static List<CounterView> of(List<RuleStatus> ruleStatus) {
            return ruleStatus.stream()
                    .map(standing -> new CounterView(
                            standing.rule().name(),
                            standing.rule().level().toString(),
                            standing.rule().mode(),
                            standing.violated(),
                            standing.remaining(),
                            standing.rule().limit().capacity(),
                            standing.retryAfter(),
                            standing.reset()))
                    .toList();
        }
    }

    /** How many counters, or failures of an account, were reset. */
    public record ResetView(String scope, long reset) {}

    /** What would become of a request. */
    public record ExplanationView(boolean passes, boolean denied, boolean exempt, List<CounterView> counters) {
        static ExplanationView of(Explanation explanation) {
            return new ExplanationView(
                    explanation.passes(),
                    explanation.denied(),
                    explanation.exempt(),
                    CounterView.of(explanation.standings()));
        }
    }
}
