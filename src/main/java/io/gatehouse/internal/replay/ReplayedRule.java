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
 * A rule in a replay, with its counters and its refusals. A counter is dropped once its whole capacity is available again. At most a
 * million counters are kept, and refusals are counted for at most a hundred thousand of them. Not thread-safe.
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

    /**
     * A counter.
     *
     * @param until the time at which its whole capacity is available again, in microseconds since 1970
     */
    private record Held(Limit.State state, long until) {}

    ReplayedRule(RateLimitRule rule) {
        this.rule = rule;
    }

    /** Records a matching request without the attribute that the rule counts by. */
    void addWithoutKey() {
        without++;
    }

    /** Evaluates a request without charging it. */
    Limit.Result evaluate(List<String> key, long now) {
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

    /** Charges an evaluated request; refunds it immediately if the rule counts failures and the status is not a failure. */
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

    /** Records an evaluated request for the report. */
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
