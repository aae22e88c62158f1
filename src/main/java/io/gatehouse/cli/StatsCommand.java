package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.operate.Document;
import io.gatehouse.operate.LimitDesk;
import io.gatehouse.operate.Operator;
import io.gatehouse.redis.Purpose;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            Document counters = LimitsCommand.inspect(operator, scope, keys);
            return Answer.of(counters, LimitsCommand.text(counters));
        }
        Document limits = rules(operator.limits().rules());
        long sessions = Text.number(operator.sessions().count(), "sessions");
        Document all = new Document().with("sessions", sessions).with("limits", limits);
        String cacheText = "off";
        if (capabilities.cache().isPresent()) {
            countNodes(capabilities);
            Document cache = operator.cache().statistics();
            all.with("cache", cache);
            cacheText = Text.table(
                    cache,
                    "regions",
                    Text.count(Text.number(cache, "nodes"), "node") + ", nothing told yet",
                    "region",
                    "firstLevelHits",
                    "secondLevelHits",
                    "misses",
                    "hitRatio",
                    "loads",
                    "loadFailures",
                    "entries");
            cacheText = Text.count(Text.number(cache, "nodes"), "node") + " alive" + System.lineSeparator() + cacheText;
        }
        return Answer.of(
                all,
                Text.lines(
                        "Sessions: " + sessions + ", those that are over and not cleaned up yet included",
                        "",
                        "Cache: " + cacheText,
                        "",
                        "Rate limits, version " + limits.get("version"),
                        Text.table(
                                limits,
                                "rules",
                                "none",
                                "name",
                                "level",
                                "tokens",
                                "periodSeconds",
                                "mode",
                                "onRedisFailure")));
    }

    /** Without what they have done here, which is nothing. */
    private static Document rules(Document rules) {
        List<Document> named = Text.rows(rules, "rules").stream()
                .map(rule -> {
                    Map<Object, Object> members = new LinkedHashMap<>(rule);
                    members.remove("statistics");
                    Document without = new Document();
                    members.forEach((name, value) -> without.with(name.toString(), value));
                    return without;
                })
                .toList();
        return new Document()
                .with("version", rules.get("version"))
                .with("rules", named)
                .with("allow", rules.get("allow"))
                .with("deny", rules.get("deny"));
    }
}
