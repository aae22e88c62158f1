package io.gatehouse.internal.ratelimit;

import java.util.List;

/**
 * The decision that a request would get now, with its reasons. Nothing was charged. Immutable.
 *
 * @param denied whether the address is on the deny list
 * @param exempt whether the address is on the allow list, so that no rule applies
 * @param statuses one status for each counter that the request would be charged to
 */
public record Explanation(boolean denied, boolean exempt, List<RuleStatus> statuses) {
    public Explanation {
        statuses = List.copyOf(statuses);
    }

    /** Returns whether the request would be allowed. */
    public boolean passes() {
        return !denied && statuses.stream().noneMatch(RuleStatus::refuses);
    }
}
