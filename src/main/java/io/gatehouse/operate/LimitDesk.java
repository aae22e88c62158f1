package io.gatehouse.operate;

import io.gatehouse.ratelimit.Explanation;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.ratelimit.LoginStanding;
import io.gatehouse.ratelimit.RateLimitRule;
import io.gatehouse.ratelimit.RateLimiter;
import io.gatehouse.ratelimit.RuleSet;
import io.gatehouse.ratelimit.RuleStatistics;
import io.gatehouse.ratelimit.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rate limits, and what accounts are locked; named by a scope, such as {@code ip}, and a key for each part of it. */
public final class LimitDesk {
    /** The scope of accounts that log-ins fail for; its key is the name that is typed in. */
    public static final String ACCOUNT = "account";

    private final RateLimiter limiter;
    private final LoginGuard guard;

    LimitDesk(RateLimiter limiter, LoginGuard guard) {
        this.limiter = limiter;
        this.guard = guard;
    }

    /** {@code rules} with what each has done on this node, {@code allow} and {@code deny}, and the {@code version} of it all. */
    public Document rules() {
        RuleSet rules = limiter.rules();
        Map<String, RuleStatistics> done =
                limiter.statistics().stream().collect(Collectors.toMap(RuleStatistics::rule, Function.identity()));
        return new Document()
                .with("version", rules.version())
                .with(
                        "rules",
                        rules.rules().stream()
                                .map(rule -> document(rule).with("statistics", statistics(done.get(rule.name()))))
                                .toList())
                .with("allow", rules.allow())
                .with("deny", rules.deny());
    }

    private static Document document(RateLimitRule rule) {
        return new Document()
                .with("name", rule.name())
                .with("methods", rule.methods().stream().sorted().toList())
                .with(
                        "paths",
                        rule.paths().isEmpty()
                                ? List.of("/*")
                                : rule.paths().stream().map(path -> path.text()).toList())
                .with("level", rule.level().toString())
                .with("tokens", rule.limit().tokens())
                .seconds("period", rule.limit().period())
                .with("capacity", rule.limit().capacity())
                .with("cost", rule.cost())
                .with("mode", spelling(rule.mode()))
                .with("onRedisFailure", spelling(rule.away()))
                .with("failures", rule.failures().stream().sorted().toList())
                .with("lease", rule.lease());
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable Document statistics(@Nullable RuleStatistics done) {
        return done == null
                ? null
                : new Document()
                        .with("allowed", done.allowed())
                        .with("refused", done.refused())
                        .with("wouldRefuse", done.wouldRefuse())
                        .with("refusedLocally", done.locally())
                        .with("withoutRedis", done.away());
    }

    /** {@code counters} of a scope, or the standing of an account; charges nothing. */
    public Document inspect(String scope, List<String> keys) {
        if (scope.equals(ACCOUNT)) {
            LoginStanding standing = guard.inspect(account(keys));
            return new Document()
                    .with("scope", scope)
                    .with("failures", standing.failures())
                    .seconds("lockedFor", standing.lockedFor())
                    .with("networks", standing.networks())
                    .with("underAttack", standing.underAttack());
        }
        return new Document()
                .with("scope", scope)
                .with("counters", standings(limiter.inspect(scope, keys.toArray(String[]::new))));
    }

    /** Forgets what the counters of a scope hold, or the failures of an account; {@code reset} says how many there were. */
    public Document reset(String scope, List<String> keys) {
        long reset =
                scope.equals(ACCOUNT) ? guard.reset(account(keys)) : limiter.reset(scope, keys.toArray(String[]::new));
        return new Document().with("scope", scope).with("reset", reset);
    }

    private static String account(List<String> keys) {
        if (keys.size() != 1) {
            throw new IllegalArgumentException("one key for the scope account, the name that is typed in");
        }
        return keys.get(0);
    }

    /**
     * What would become of a request now: {@code passes}, and {@code counters}. Charges nothing.
     *
     * @param address of the client, or null
     * @param user who is logged in, or null
     */
    public Document explain(
            String method, String path, @Nullable String address, @Nullable String user, Map<String, String> headers) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path is '" + path + "'; expected one that begins with /");
        }
        Map<String, String> byName = headers.entrySet().stream()
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue, (a, b) -> a));
        Explanation explanation = limiter.explain(
                method.toUpperCase(Locale.ROOT),
                path,
                address,
                user,
                name -> byName.get(name.toLowerCase(Locale.ROOT)));
        return new Document()
                .with("passes", explanation.passes())
                .with("denied", explanation.denied())
                .with("exempt", explanation.exempt())
                .with("counters", standings(explanation.standings()));
    }

    private static List<Document> standings(List<Standing> standings) {
        List<Document> counters = new ArrayList<>();
        for (Standing standing : standings) {
            counters.add(new Document()
                    .with("rule", standing.rule().name())
                    .with("level", standing.rule().level().toString())
                    .with("mode", spelling(standing.rule().mode()))
                    .with("exhausted", standing.violated())
                    .with("remaining", standing.remaining())
                    .with("capacity", standing.rule().limit().capacity())
                    .seconds("retryAfter", standing.retryAfter())
                    .seconds("reset", standing.reset()));
        }
        return counters;
    }
}
