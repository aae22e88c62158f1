package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;

/**
 * A limit on the creation of sessions without a user, for the client of one request. Its check is part of the pipeline that stores the
 * session, so it takes no additional round trip. If it refuses the session afterwards, the caller ends the session.
 */
public interface CreationLimit {
    /** Allows every session. */
    CreationLimit NONE = new CreationLimit() {
        @Override
        public void begin(Pipeline pipeline) {
            // no check
        }

        @Override
        public void decide() {
            // allowed
        }
    };

    /**
     * Adds the check to the pipeline that stores the session.
     *
     * @throws io.gatehouse.GatehouseException if the session is refused without a check; the session is not stored then
     */
    void begin(Pipeline pipeline);

    /**
     * Checks the outcome after the session was stored.
     *
     * @throws io.gatehouse.GatehouseException if the session is refused
     */
    void decide();
}
