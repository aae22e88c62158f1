package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.CacheViews.ClusterCacheView;
import io.gatehouse.operate.CacheViews.RegionView;
import io.gatehouse.operate.LimitDesk;
import io.gatehouse.operate.LimitViews.Inspection;
import io.gatehouse.operate.LimitViews.RuleSetView;
import io.gatehouse.operate.LimitViews.RuleView;
import io.gatehouse.operate.Operator;
import io.gatehouse.redis.Purpose;
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
    private static final List<Text.Column<RuleView>> RULE_COLUMNS = List.of(
            Text.column("name", RuleView::name),
            Text.column("level", RuleView::level),
            Text.column("tokens", RuleView::tokens),
            Text.column("periodSeconds", RuleView::period),
            Text.column("mode", RuleView::mode),
            Text.column("onRedisFailure", RuleView::onRedisFailure));

    private static final List<Text.Column<RegionView>> REGION_COLUMNS = List.of(
            Text.column("region", RegionView::region),
            Text.column("firstLevelHits", RegionView::firstLevelHits),
            Text.column("secondLevelHits", RegionView::secondLevelHits),
            Text.column("misses", RegionView::misses),
            Text.column("hitRatio", RegionView::hitRatio),
            Text.column("loads", RegionView::loads),
            Text.column("loadFailures", RegionView::loadFailures),
            Text.column("entries", RegionView::entries));

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "Counters of this scope, such as ip, user or user+endpoint; or account, for failed log-ins.")
    private @Nullable String scope;

    @Option(names = "--key", paramLabel = "KEY", description = "The key in the scope; one for each part of it.")
    private List<String> keys = List.of();

    @Override
    Set<Purpose> needs() {
        return scope == null
                ? EnumSet.of(Purpose.SESSIONS, Purpose.CACHE)
                : EnumSet.of(scope.equals(LimitDesk.ACCOUNT) ? Purpose.SESSIONS : Purpose.RATE_LIMIT);
    }

    @Override
    Answer answer(Capabilities capabilities) {
        Operator operator = capabilities.operator();
        if (scope == null && !keys.isEmpty()) {
            throw wrongUsage("--key is given; expected --scope too");
        }
        if (scope != null) {
            Inspection counters = LimitsCommand.inspect(operator, scope, keys);
            return Answer.of(counters.document(), LimitsCommand.text(counters));
        }
        RuleSetView limits = withoutStatistics(operator.limits().rules());
        long sessions = operator.sessions().count().sessions();
        ClusterCacheView cache = null;
        if (capabilities.cache().isPresent()) {
            countNodes(capabilities);
            cache = operator.cache().statistics();
        }
        return Answer.of(
                new Statistics(sessions, limits, cache),
                Text.lines(
                        "Sessions: " + sessions + ", those that are over and not cleaned up yet included",
                        "",
                        "Cache: " + text(cache),
                        "",
                        "Rate limits, version " + limits.version(),
                        Text.table(limits.rules(), "none", RULE_COLUMNS)));
    }

    private static String text(@Nullable ClusterCacheView cache) {
        if (cache == null) {
            return "off";
        }
        String nodes = Text.count(cache.nodes(), "node");
        return nodes + " alive" + System.lineSeparator()
                + Text.table(cache.regions(), nodes + ", nothing told yet", REGION_COLUMNS);
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
