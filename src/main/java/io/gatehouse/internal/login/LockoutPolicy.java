package io.gatehouse.internal.login;

import java.time.Duration;

/**
 * The schedule of lockouts: how long logins are refused after a number of failures in a row. The first failures are free; then a wait
 * doubles with each further failure, up to the longest wait (OWASP Authentication Cheat Sheet; NIST SP 800-63B-4, "Rate Limiting
 * (Throttling)": waits from 30 seconds to an hour). After {@link #MOST} failures no further attempt is allowed until {@link #MEMORY} has
 * passed since the last failure; then all failures are forgotten. Immutable.
 *
 * @param free the number of failures from which on attempts wait
 * @param first the wait after that many failures
 * @param longest the longest wait
 */
record LockoutPolicy(int free, Duration first, Duration longest) {
    /** The largest number of failures in a row that NIST SP 800-63B-4 allows. */
    static final int MOST = 100;

    /** How long failures count after the last one. */
    static final Duration MEMORY = Duration.ofHours(24);

    /** Returns how long to wait after the last of a number of failures, in milliseconds. */
    long waitMillis(int failures) {
        if (failures >= MOST) {
            return MEMORY.toMillis();
        }
        if (failures < free) {
            return 0;
        }
        long wait = first.toMillis();
        for (int i = free; i < failures; i++) {
            wait = Math.min(wait * 2, longest.toMillis());
        }
        return wait;
    }
}
