package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.ops.CacheViews.ClusterCacheView;
import io.gatehouse.internal.ops.CacheViews.RegionView;
import io.gatehouse.internal.ops.LimitOperations;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.LimitViews.RuleSetView;
import io.gatehouse.internal.ops.LimitViews.RuleTotal;
import io.gatehouse.internal.ops.LimitViews.RuleTotals;
import io.gatehouse.internal.ops.LimitViews.RuleView;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code stats}, which prints statistics or the counters of a scope. */
@Command(
        name = "stats",
        description =
                "Prints the number of sessions, cache statistics and the rate limit rules; or the counters of a scope.")
final class StatsCommand extends RedisCommand {
    private static final List<TextFormatter.Column<RuleView>> RULE_COLUMNS = List.of(
            TextFormatter.column("name", RuleView::name),
            TextFormatter.column("level", RuleView::level),
            TextFormatter.column("tokens", RuleView::tokens),
            TextFormatter.column("periodSeconds", RuleView::period),
            TextFormatter.column("mode", RuleView::mode),
            TextFormatter.column("onRedisFailure", RuleView::onRedisFailure));

    private static final List<TextFormatter.Column<RuleTotal>> TOTAL_COLUMNS = List.of(
            TextFormatter.column("rule", RuleTotal::rule),
            TextFormatter.column("allowed", RuleTotal::allowed),
            TextFormatter.column("refused", RuleTotal::refused),
            TextFormatter.column("wouldRefuse", RuleTotal::wouldRefuse),
            TextFormatter.column("withoutRedis", RuleTotal::withoutRedis));

    private static final List<TextFormatter.Column<RegionView>> REGION_COLUMNS = List.of(
            TextFormatter.column("region", RegionView::region),
            TextFormatter.column("firstLevelHits", RegionView::firstLevelHits),
            TextFormatter.column("secondLevelHits", RegionView::secondLevelHits),
            TextFormatter.column("misses", RegionView::misses),
            TextFormatter.column("hitRatio", RegionView::hitRatio),
            TextFormatter.column("loads", RegionView::loads),
            TextFormatter.column("loadFailures", RegionView::loadFailures),
            TextFormatter.column("entries", RegionView::entries));

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description =
                    "The scope of the counters, such as ip, user or user+endpoint; or account, for failed logins.")
    private @Nullable String scope;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The key within the scope. Repeat for each part of the scope.")
    private List<String> keys = List.of();

    @Override
    Set<RedisPurpose> requiredPurposes() {
        return scope == null
                ? EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.RATE_LIMIT, RedisPurpose.CACHE)
                : EnumSet.of(scope.equals(LimitOperations.ACCOUNT) ? RedisPurpose.SESSIONS : RedisPurpose.RATE_LIMIT);
    }

    @Override
    CommandResult run(Components components) {
        Operations operations = components.operator();
        if (scope == null && !keys.isEmpty()) {
            throw wrongUsage("--key needs --scope; expected both or neither");
        }
        if (scope != null) {
            Inspection counters = LimitsCommand.inspect(operations, scope, keys);
            return CommandResult.of(counters.document(), LimitsCommand.text(counters));
        }
        RuleSetView limits = withoutStatistics(operations.limits().rules());
        RuleTotals totals = operations.limits().totals();
        long sessions = operations.sessions().count().sessions();
        ClusterCacheView cache = null;
        if (components.cache().isPresent()) {
            countNodes(components);
            cache = operations.cache().statistics();
        }
        return CommandResult.of(
                new Statistics(sessions, limits, totals.rules(), cache),
                TextFormatter.lines(
                        "Sessions: " + sessions + ", including expired ones that have not been removed yet",
                        "",
                        "Cache: " + text(cache),
                        "",
                        "Rate limits, version " + limits.version(),
                        TextFormatter.table(limits.rules(), "none", RULE_COLUMNS),
                        "",
                        "Rate limits, totals of all nodes",
                        TextFormatter.table(totals.rules(), "none", TOTAL_COLUMNS)));
    }

    private static String text(@Nullable ClusterCacheView cache) {
        if (cache == null) {
            return "disabled";
        }
        String nodes = TextFormatter.count(cache.nodes(), "node");
        return nodes + " alive" + System.lineSeparator()
                + TextFormatter.table(cache.regions(), nodes + ", no statistics yet", REGION_COLUMNS);
    }

    /** Removes the statistics of this process, which are all zero. */
    private static RuleSetView withoutStatistics(RuleSetView rules) {
        return new RuleSetView(
                rules.version(),
                rules.rules().stream().map(RuleView::withoutStatistics).toList(),
                rules.allow(),
                rules.deny());
    }

    /** The JSON of the statistics. */
    private record Statistics(
            long sessions,
            RuleSetView limits,
            List<RuleTotal> limitTotals,
            @Nullable ClusterCacheView cache) {}
}
