package io.gatehouse.internal.ratelimit;

import java.util.List;

/**
 * What would become of a request now, without charging it.
 *
 * @param denied whether its address is on the list of those that never may pass
 * @param exempt whether its address is on the list of those that no rule is for
 * @param standings one line for each counter that it would be charged to
 */
public record Explanation(boolean denied, boolean exempt, List<RuleStatus> standings) {
    public Explanation {
        standings = List.copyOf(standings);
    }

    /** Whether it would pass. */
    public boolean passes() {
        return !denied && standings.stream().noneMatch(RuleStatus::refuses);
    }
}
