package io.gatehouse.session;

/**
 * What came of ending sessions from outside. No node accepts them any more; whether that outlives a failover of Redis depends
 * on the replicas.
 *
 * @param ended how many sessions this node has ended
 * @param replicas how many replicas of Redis have confirmed all of it, the fewest of the masters concerned; as many as wanted
 *     if there was nothing to confirm
 * @param wanted how many should ({@code GATEHOUSE_SESSION_REPLICAS})
 */
public record Termination(int ended, int replicas, int wanted) {

    /** Whether as many replicas as configured have confirmed it. */
    public boolean isConfirmed() {
        return replicas >= wanted;
    }

    /** Both together. */
    Termination and(Termination other) {
        return new Termination(ended + other.ended, Math.min(replicas, other.replicas), wanted);
    }
}
