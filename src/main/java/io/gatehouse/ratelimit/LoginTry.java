package io.gatehouse.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * Who tries to log in, in keyed hashes that tell nothing.
 *
 * @param attempt what tells this attempt from all others, so that it counts once however often it is sent
 * @param account the account that was typed
 * @param address the client's address, or empty if nobody knows
 * @param network the network around it, or empty
 * @param device what a genuine device cookie says, or null if there is none
 */
record LoginTry(
        String attempt,
        String account,
        String address,
        String network,
        @Nullable String device) {

    /** Whether it competes with all other unknown browsers, and its address can be refused. */
    boolean isUnknown() {
        return device == null;
    }
}
