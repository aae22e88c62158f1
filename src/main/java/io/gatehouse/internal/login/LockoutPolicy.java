package io.gatehouse.internal.login;

import java.time.Duration;

/**
 * How long log-ins are refused after so many failures in a row: not at all while they are free, then for a first wait that
 * doubles with each further failure up to the longest (OWASP Authentication Cheat Sheet; NIST SP 800-63B-4, "Rate Limiting
 * (Throttling)": waits from 30 seconds to an hour). After {@link #MOST} there is no further attempt until a {@link #MEMORY}
 * has passed since the last failure, and with it all are forgotten. Immutable.
 *
 * @param free how many failures cost no wait; the next attempt after the last of them waits
 * @param first the wait after these
 * @param longest the longest wait
 */
record LockoutPolicy(int free, Duration first, Duration longest) {
    /** NIST allows no more failures in a row than that. */
    static final int MOST = 100;

    /** How long failures count after the last of them. */
    static final Duration MEMORY = Duration.ofHours(24);

    /** How long to wait after the last of so many failures, in milliseconds. */
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
