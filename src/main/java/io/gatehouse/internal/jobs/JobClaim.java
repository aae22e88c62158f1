package io.gatehouse.internal.jobs;

import java.util.Map;

/**
 * A run whose lease a node holds. Immutable.
 *
 * @param action what the node must do with the run
 * @param fencingToken the fencing token, as stored in Redis
 * @param fields the fields of the stored run
 */
record JobClaim(ClaimAction action, String id, String fencingToken, Map<String, String> fields) {

    /** What the node must do with a claimed run. */
    enum ClaimAction {
        /** Execute it. */
        RUN,
        /** End it: it was cancelled, and the node that executed it has died. */
        END_CANCELLED,
        /** End it: it has used all attempts. */
        END_GIVEN_UP
    }

    /** The outcome of a renewal of the lease. */
    enum RenewalResult {
        RENEWED,
        CANCELLED,
        LOST
    }
}
