package io.gatehouse.ratelimit;

/**
 * What a limit says to one wish, before anything is charged.
 *
 * @param granted how many tokens it would give, 0 if it refuses
 * @param remaining how many are left, after the grant if there is one
 * @param waitMicros how long until the least wished for is there, 0 if it is there now, -1 if it never will be
 * @param resetMicros how long until all is there again
 * @param after what is to be remembered if the grant is charged
 * @param busy whether it refuses only because of tokens that requests under way hold
 */
record Verdict(long granted, long remaining, long waitMicros, long resetMicros, Usage after, boolean busy) {
    Verdict(long granted, long remaining, long waitMicros, long resetMicros, Usage after) {
        this(granted, remaining, waitMicros, resetMicros, after, false);
    }
}
