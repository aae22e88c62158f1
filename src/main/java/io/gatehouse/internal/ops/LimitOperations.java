package io.gatehouse.internal.ops;

import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.ops.LimitViews.AccountView;
import io.gatehouse.internal.ops.LimitViews.BlockedView;
import io.gatehouse.internal.ops.LimitViews.CounterList;
import io.gatehouse.internal.ops.LimitViews.CounterView;
import io.gatehouse.internal.ops.LimitViews.ExplanationView;
import io.gatehouse.internal.ops.LimitViews.Inspection;
import io.gatehouse.internal.ops.LimitViews.ReleaseView;
import io.gatehouse.internal.ops.LimitViews.ResetView;
import io.gatehouse.internal.ops.LimitViews.RuleSetView;
import io.gatehouse.internal.ops.LimitViews.RuleTotal;
import io.gatehouse.internal.ops.LimitViews.RuleTotals;
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

/**
 * The operations on rate limits and locked accounts. A scope, such as {@code ip}, and one key for each of its parts select the
 * counters.
 */
public final class LimitOperations {
    /** The scope of failed logins; its key is the user name as entered in the login form. */
    public static final String ACCOUNT = "account";

    private final LimitEngine limiter;
    private final LoginEngine loginEngine;

    LimitOperations(LimitEngine limiter, LoginEngine loginEngine) {
        this.limiter = limiter;
        this.loginEngine = loginEngine;
    }

    /** Returns the rules with their statistics on this node, the allow and deny lists, and the version of the rule set. */
    public RuleSetView rules() {
        RuleSet rules = limiter.rules();
        Map<String, RuleStatistics> statistics =
                limiter.statistics().stream().collect(Collectors.toMap(RuleStatistics::rule, Function.identity()));
        return new RuleSetView(
                rules.version(),
                rules.rules().stream()
                        .map(rule -> RuleView.of(rule, statistics.get(rule.name())))
                        .toList(),
                rules.allow().stream().map(Object::toString).toList(),
                rules.deny().stream().map(Object::toString).toList());
    }

    /** Returns what each rule has done on all nodes that are alive. */
    public RuleTotals totals() {
        return new RuleTotals(
                limiter.clusterStatistics().stream().map(RuleTotal::of).toList());
    }

    /** Returns the counters of a scope, or the state of an account. Charges nothing. */
    public Inspection inspect(String scope, List<String> keys) {
        return scope.equals(ACCOUNT)
                ? AccountView.of(scope, loginEngine.inspect(account(keys)))
                : new CounterList(scope, CounterView.of(limiter.inspect(scope, keys.toArray(String[]::new))));
    }

    /** Resets the counters of a scope, or the failed logins of an account. */
    public ResetView reset(String scope, List<String> keys) {
        long reset = scope.equals(ACCOUNT)
                ? loginEngine.reset(account(keys))
                : limiter.reset(scope, keys.toArray(String[]::new));
        return new ResetView(scope, reset);
    }

    /** Returns the clients and accounts that are blocked now, at most {@code limit}, those that are blocked longest first. */
    public BlockedView blocked(int limit) {
        return new BlockedView(limiter.blocked().list(limit));
    }

    /** Releases a blocked client by the counter that {@link #blocked} shows; resets nothing if it is not in the list. */
    public ReleaseView release(String counter) {
        return new ReleaseView(counter, limiter.release(counter, loginEngine::release));
    }

    private static String account(List<String> keys) {
        if (keys.size() != 1) {
            throw new IllegalArgumentException("one key for the scope account: the user name as entered at login");
        }
        return keys.get(0);
    }

    /**
     * Evaluates the rules for a request without charging any counter.
     *
     * @param address the address of the client, or null if unknown
     * @param user the name of the authenticated user, or null if the client is not logged in
     */
    public ExplanationView explain(
            String method, String path, @Nullable String address, @Nullable String user, Map<String, String> headers) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path is '" + path + "'; expected a path that starts with /");
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
