package io.gatehouse.ratelimit;

/**
 * What is known of one counter, in whole microseconds and whole tokens.
 *
 * @param at for a {@link TokenBucket} the theoretical arrival time, for a {@link SlidingWindow} when its window began
 * @param previous what was used in the window before; 0 for a token bucket
 * @param current what was used in this window; 0 for a token bucket
 */
record Usage(long at, long previous, long current) {
    /** Nothing was used for so long that it does not count. */
    static final Usage NONE = new Usage(0, 0, 0);
}
