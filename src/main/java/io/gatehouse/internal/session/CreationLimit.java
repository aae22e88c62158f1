package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Pipeline;

/**
 * A limit on the creation of sessions without a user, for the client of one request. It is asked in the flight that stores the
 * session, so it costs no round trip of its own; if it refuses after that, the caller ends the session.
 */
public interface CreationLimit {
    /** Allows every session. */
    CreationLimit NONE = new CreationLimit() {
        @Override
        public void begin(Pipeline pipeline) {
            // nothing to ask
        }

        @Override
        public void decide() {
            // allowed
        }
    };

    /**
     * Adds what has to be asked to the flight that is about to store the session.
     *
     * @throws io.gatehouse.GatehouseException if the session is refused without asking; it is not stored then
     */
    void begin(Pipeline pipeline);

    /**
     * Called when the session was stored.
     *
     * @throws io.gatehouse.GatehouseException if the session is refused
     */
    void decide();
}
