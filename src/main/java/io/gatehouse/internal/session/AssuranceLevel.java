package io.gatehouse.internal.session;

import java.time.Duration;

/**
 * How long a log-in may last by the assurance it stands for (NIST SP 800-63B-4, sections 2.1.3, 2.2.3 and 2.3.3). Gives the
 * absolute time-out where none is configured, and bounds both time-outs.
 */
enum AssuranceLevel {
    /** No bounds but those that are configured. */
    NONE(Duration.ofHours(12), Duration.ZERO, Duration.ZERO),
    /** Assurance level 1: at most 30 days. */
    AAL1(Duration.ofDays(30), Duration.ofDays(30), Duration.ZERO),
    /** Assurance level 2: at most 24 hours, and one hour without use. */
    AAL2(Duration.ofHours(24), Duration.ofHours(24), Duration.ofHours(1)),
    /** Assurance level 3: at most 12 hours, and 15 minutes without use. */
    AAL3(Duration.ofHours(12), Duration.ofHours(12), Duration.ofMinutes(15));

    private final Duration absolute;
    private final Duration absoluteAtMost;
    private final Duration idleAtMost;

    AssuranceLevel(Duration absolute, Duration absoluteAtMost, Duration idleAtMost) {
        this.absolute = absolute;
        this.absoluteAtMost = absoluteAtMost;
        this.idleAtMost = idleAtMost;
    }

    /** The absolute time-out unless one is configured. */
    Duration absolute() {
        return absolute;
    }

    /** Whether an absolute time-out, zero for none, is within bounds. */
    boolean allowsAbsolute(Duration wanted) {
        return absoluteAtMost.isZero() || (!wanted.isZero() && wanted.compareTo(absoluteAtMost) <= 0);
    }

    Duration absoluteAtMost() {
        return absoluteAtMost;
    }

    /** The longest idle time-out, zero for no bound. */
    Duration idleAtMost() {
        return idleAtMost;
    }
}
