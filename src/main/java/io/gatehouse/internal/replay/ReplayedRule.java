package io.gatehouse.internal.replay;

import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rule in a replay: its counters, and what it has refused. A counter is forgotten once it is as good as new; at most a
 * million are remembered, and of a hundred thousand it is told how often they refused. For one thread.
 */
final class ReplayedRule {
    static final int MOST_COUNTERS = 1_000_000;
    static final int MOST_REFUSED = 100_000;
    private static final int TOP = 10;
    private static final int SMALL = 1024;

    private final RateLimitRule rule;
    private final Map<List<String>, Held> counters = new HashMap<>();
    private final Map<List<String>, Long> refusals = new HashMap<>();
    private int sweepAt = SMALL;
    private long met;
    private long refused;
    private long without;
    private long forgotten;
    private boolean more;
    private @Nullable Instant first;
    private @Nullable Instant last;

    /** @param until when the counter is as good as new, in microseconds since 1970 */
    private record Held(Limit.State state, long until) {}

    ReplayedRule(RateLimitRule rule) {
        this.rule = rule;
    }

    /** Notes a request that has nothing to count by. */
    void without() {
        without++;
    }

    /** Judges a request; charges nothing. */
    Limit.Result judge(List<String> key, long now) {
        return rule.limit().evaluate(state(key), now, rule.cost(), rule.cost());
    }

    private Limit.State state(List<String> key) {
        Held held = counters.get(key);
        return held == null ? Limit.State.UNUSED : held.state();
    }

    boolean refuses(Limit.Result result) {
        return violated(result) && rule.mode() == RateLimitRule.Mode.ENFORCE;
    }

    private boolean violated(Limit.Result result) {
        return result.granted() < rule.cost();
    }

    /** Charges a judged request; refunds it at once if the rule counts failures and the status is not one of them. */
    void charge(List<String> key, Limit.Result result, long now, int status) {
        if (violated(result)) {
            return;
        }
        Limit.State charged = rule.limit().charged(state(key), now, result.granted());
        boolean forgiven = rule.countsFailures() && !rule.failures().contains(status);
        Limit.State after = forgiven ? rule.limit().refunded(charged, now, rule.cost()) : charged;
        if (after.equals(Limit.State.UNUSED)) {
            counters.remove(key);
        } else {
            keep(key, new Held(after, now + result.resetMicros()), now);
        }
    }

    private void keep(List<String> key, Held held, long now) {
        if (counters.size() >= sweepAt) {
            counters.values().removeIf(old -> old.until() <= now);
            sweepAt = Math.min(MOST_COUNTERS, Math.max(SMALL, 2 * counters.size()));
        }
        if (counters.size() >= MOST_COUNTERS && !counters.containsKey(key)) {
            forgotten++;
        } else {
            counters.put(key, held);
        }
    }

    /** Counts a judged request. */
    void count(List<String> key, Limit.Result result, long now) {
        met++;
        if (!violated(result)) {
            return;
        }
        refused++;
        Instant time = Instant.EPOCH.plus(now, ChronoUnit.MICROS);
        first = first == null ? time : first;
        last = time;
        if (refusals.size() < MOST_REFUSED || refusals.containsKey(key)) {
            refusals.merge(key, 1L, Long::sum);
        } else {
            more = true;
        }
    }

    int remembered() {
        return counters.size();
    }

    ReplayReport.Rule report(boolean notInLog) {
        List<ReplayReport.Refused> top = refusals.entrySet().stream()
                .map(entry -> new ReplayReport.Refused(String.join(" + ", entry.getKey()), entry.getValue()))
                .sorted(Comparator.comparingLong(ReplayReport.Refused::requests)
                        .reversed()
                        .thenComparing(ReplayReport.Refused::key))
                .limit(TOP)
                .toList();
        return new ReplayReport.Rule(
                rule.name(),
                rule.level().toString(),
                rule.mode() == RateLimitRule.Mode.DRY_RUN,
                notInLog,
                met,
                refused,
                without,
                forgotten,
                refusals.size(),
                more,
                top,
                first,
                last);
    }
}
