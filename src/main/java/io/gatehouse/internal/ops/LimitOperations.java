package io.gatehouse.internal.ops;

import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.ops.LimitViews.AccountView;
import io.gatehouse.internal.ops.LimitViews.CounterList;
import io.gatehouse.internal.ops.LimitViews.CounterView;
import io.gatehouse.internal.ops.LimitViews.ExplanationView;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.LimitViews.ResetView;
import io.gatehouse.internal.ops.LimitViews.RuleSetView;
import io.gatehouse.internal.ops.LimitViews.RuleView;
import io.gatehouse.internal.ratelimit.Explanation;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.rules.RuleSet;
import io.gatehouse.ratelimit.RuleStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rate limits, and what accounts are locked; named by a scope, such as {@code ip}, and a key for each part of it. */
public final class LimitOperations {
    /** The scope of accounts that log-ins fail for; its key is the name that is typed in. */
    public static final String ACCOUNT = "account";

    private final LimitEngine limiter;
    private final LoginEngine guard;

    LimitOperations(LimitEngine limiter, LoginEngine guard) {
        this.limiter = limiter;
        this.guard = guard;
    }

    /** All rules with what each has done on this node, the lists of addresses, and the version of it all. */
    public RuleSetView rules() {
        RuleSet rules = limiter.rules();
        Map<String, RuleStatistics> done =
                limiter.statistics().stream().collect(Collectors.toMap(RuleStatistics::rule, Function.identity()));
        return new RuleSetView(
                rules.version(),
                rules.rules().stream()
                        .map(rule -> RuleView.of(rule, done.get(rule.name())))
                        .toList(),
                rules.allow().stream().map(Object::toString).toList(),
                rules.deny().stream().map(Object::toString).toList());
    }

    /** The counters of a scope, or the state of an account; charges nothing. */
    public Inspection inspect(String scope, List<String> keys) {
        return scope.equals(ACCOUNT)
                ? AccountView.of(scope, guard.inspect(account(keys)))
                : new CounterList(scope, CounterView.of(limiter.inspect(scope, keys.toArray(String[]::new))));
    }

    /** Resets the counters of a scope, or the failures of an account. */
    public ResetView reset(String scope, List<String> keys) {
        long reset =
                scope.equals(ACCOUNT) ? guard.reset(account(keys)) : limiter.reset(scope, keys.toArray(String[]::new));
        return new ResetView(scope, reset);
    }

    private static String account(List<String> keys) {
        if (keys.size() != 1) {
            throw new IllegalArgumentException("one key for the scope account, the name that is typed in");
        }
        return keys.get(0);
    }

    /**
     * What would become of a request now. Charges nothing.
     *
     * @param address of the client, or null
     * @param user the name of the authenticated user, or null
     */
    public ExplanationView explain(
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
        return ExplanationView.of(explanation);
    }
}
