package io.gatehouse.internal.ratelimit;

import io.gatehouse.internal.rules.RateLimitRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The statuses of the rules that match one request. Not thread-safe; belongs to one request. */
final class RuleStatuses {
    private final List<RateLimitRule> order = new ArrayList<>();
    private final List<RuleStatus> statuses = new ArrayList<>();

    /** Adds a rule that matches the request. */
    void expect(RateLimitRule rule) {
        order.add(rule);
    }

    void add(RuleStatus status) {
        statuses.add(status);
    }

    List<RuleStatus> all() {
        return statuses;
    }

    /** Puts the statuses into the order of the rules; only a few are out of order, if any. */
    void sort() {
        for (int i = 1; i < statuses.size(); i++) {
            RuleStatus status = statuses.get(i);
            int position = position(status);
            int to = i;
            while (to > 0 && position(statuses.get(to - 1)) > position) {
                statuses.set(to, statuses.get(to - 1));
                to--;
            }
            statuses.set(to, status);
        }
    }

    private int position(RuleStatus status) {
        int position = 0;
        while (!order.get(position).name().equals(status.rule().name())) {
            position++;
        }
        return position;
    }

    /** Returns the decision: refused if a rule refuses, else allowed. */
    LimitDecision summary() {
        Duration longest = Duration.ZERO;
        boolean refused = false;
        for (RuleStatus status : statuses) {
            if (status.refuses()) {
                refused = true;
                longest = status.retryAfter().compareTo(longest) > 0 ? status.retryAfter() : longest;
            }
        }
        return refused
                ? new LimitDecision.Refused(statuses, longest)
                : new LimitDecision.Allowed(statuses, order.isEmpty());
    }

    /** Returns whether all rules that refuse count by user. */
    boolean onlyUsersRefuse() {
        for (RuleStatus status : statuses) {
            if (status.refuses() && !status.rule().countsUsers()) {
                return false;
            }
        }
        return true;
    }
}
