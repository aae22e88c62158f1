package io.gatehouse.internal.jobs;

import java.util.Map;

/**
 * A run that a node holds by a lease.
 *
 * @param fence the fencing token, as Redis wrote it
 * @param fields the run as it is in Redis
 */
record JobClaim(ClaimAction order, String id, String fence, Map<String, String> fields) {

    /** What the node is to do with it. */
    enum ClaimAction {
        RUN,
        /** It was cancelled while a node held it that has died. */
        END_CANCELLED,
        /** Its attempts are used up. */
        END_GIVEN_UP
    }

    /** What a renewal heard. */
    enum Standing {
        RENEWED,
        CANCELLED,
        LOST
    }
}
