package io.gatehouse.session;

/**
 * The outcome of terminating sessions. No node accepts them any more; {@link #isConfirmed} says whether that also survives a
 * failover of Redis. Immutable.
 *
 * <pre>{@code
 * TerminationResult result = sessions.terminateUserSessions("user123", null);
 * log.info(result.ended() + " sessions terminated, confirmed: " + result.isConfirmed());
 * }</pre>
 *
 * @param ended the number of sessions that this node has terminated
 * @param replicas the number of replicas that have confirmed every write, the smallest of the masters involved; equal to {@code
 *     wanted} if there was nothing to confirm
 * @param wanted the configured number of replicas ({@code GATEHOUSE_SESSION_REPLICAS})
 */
public record TerminationResult(int ended, int replicas, int wanted) {

    /** Returns whether the configured number of replicas has confirmed the termination. */
    public boolean isConfirmed() {
        return replicas >= wanted;
    }
}
