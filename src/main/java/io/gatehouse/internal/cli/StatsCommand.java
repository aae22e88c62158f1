package io.gatehouse.internal.cli;

import io.gatehouse.internal.ops.CacheViews.ClusterCacheView;
import io.gatehouse.internal.ops.CacheViews.RegionView;
import io.gatehouse.internal.ops.LimitOperations;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.LimitViews.RuleSetView;
import io.gatehouse.internal.ops.LimitViews.RuleView;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code stats}. */
@Command(
        name = "stats",
        description =
                "Says how many sessions there are, what the cache does and which rate limits hold; or how counters stand.")
final class StatsCommand extends RedisCommand {
    private static final List<TextFormatter.Column<RuleView>> RULE_COLUMNS = List.of(
            TextFormatter.column("name", RuleView::name),
            TextFormatter.column("level", RuleView::level),
            TextFormatter.column("tokens", RuleView::tokens),
            TextFormatter.column("periodSeconds", RuleView::period),
            TextFormatter.column("mode", RuleView::mode),
            TextFormatter.column("onRedisFailure", RuleView::onRedisFailure));

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
            description = "Counters of this scope, such as ip, user or user+endpoint; or account, for failed log-ins.")
    private @Nullable String scope;

    @Option(names = "--key", paramLabel = "KEY", description = "The key in the scope; one for each part of it.")
    private List<String> keys = List.of();

    @Override
    Set<RedisPurpose> needs() {
        return scope == null
                ? EnumSet.of(RedisPurpose.SESSIONS, RedisPurpose.CACHE)
                : EnumSet.of(scope.equals(LimitOperations.ACCOUNT) ? RedisPurpose.SESSIONS : RedisPurpose.RATE_LIMIT);
    }

    @Override
    CommandResult answer(Components components) {
        Operations operations = components.operator();
        if (scope == null && !keys.isEmpty()) {
            throw wrongUsage("--key is given; expected --scope too");
        }
        if (scope != null) {
            Inspection counters = LimitsCommand.inspect(operations, scope, keys);
            return CommandResult.of(counters.document(), LimitsCommand.text(counters));
        }
        RuleSetView limits = withoutStatistics(operations.limits().rules());
        long sessions = operations.sessions().count().sessions();
        ClusterCacheView cache = null;
        if (components.cache().isPresent()) {
            countNodes(components);
            cache = operations.cache().statistics();
        }
        return CommandResult.of(
                new Statistics(sessions, limits, cache),
                TextFormatter.lines(
                        "Sessions: " + sessions + ", those that are over and not cleaned up yet included",
                        "",
                        "Cache: " + text(cache),
                        "",
                        "Rate limits, version " + limits.version(),
                        TextFormatter.table(limits.rules(), "none", RULE_COLUMNS)));
    }

    private static String text(@Nullable ClusterCacheView cache) {
        if (cache == null) {
            return "off";
        }
        String nodes = TextFormatter.count(cache.nodes(), "node");
        return nodes + " alive" + System.lineSeparator()
                + TextFormatter.table(cache.regions(), nodes + ", nothing told yet", REGION_COLUMNS);
    }

    /** Statistics of this process are left out: a command charges nothing. */
    private static RuleSetView withoutStatistics(RuleSetView rules) {
        return new RuleSetView(
                rules.version(),
                rules.rules().stream().map(RuleView::withoutStatistics).toList(),
                rules.allow(),
                rules.deny());
    }

    /** For programs. */
    private record Statistics(
            long sessions, RuleSetView limits, @Nullable ClusterCacheView cache) {}
}
