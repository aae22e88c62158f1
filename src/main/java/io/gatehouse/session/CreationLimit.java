package io.gatehouse.session;

import io.gatehouse.redis.Flight;

/**
 * A limit on the creation of sessions without a user, for the client of one request. It is asked in the flight that stores the
 * session, so it costs no round trip of its own; if it refuses after that, the caller ends the session.
 */
public interface CreationLimit {
    /** Allows every session. */
    CreationLimit NONE = new CreationLimit() {
        @Override
        public void begin(Flight flight) {
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
     * @throws io.gatehouse.config.GatehouseException if the session is refused without asking; it is not stored then
     */
    void begin(Flight flight);

    /**
     * Called when the session was stored.
     *
     * @throws io.gatehouse.config.GatehouseException if the session is refused
     */
    void decide();
}
