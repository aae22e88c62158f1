package io.gatehouse.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to log in, in keyed hashes that reveal nothing.
 *
 * @param attempt identifies the attempt, so that it counts once however often it is sent
 * @param account the account that was typed, folded: attempts count by it
 * @param exact the account exactly as it was typed: a success forgives by it
 * @param address the client's address, or empty if it is not known
 * @param network the network around it, or empty
 * @param device the id in a genuine device cookie, or null if there is none
 */
record LoginTry(
        String attempt,
        String account,
        String exact,
        String address,
        String network,
        @Nullable String device) {

    /** Whether it competes with all other unknown browsers, and its address can be refused. */
    boolean isUnknown() {
        return device == null;
    }
}
