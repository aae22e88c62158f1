package io.gatehouse.internal.session;

import java.time.Duration;

/**
 * The assurance levels of NIST SP 800-63B-4 (sections 2.1.3, 2.2.3 and 2.3.3). A level determines the absolute timeout if none is
 * configured, and limits the absolute and the idle timeout.
 */
enum AssuranceLevel {
    /** No limits except the configured ones. */
    NONE(Duration.ofHours(12), Duration.ZERO, Duration.ZERO),
    /** AAL1: at most 30 days. */
    AAL1(Duration.ofDays(30), Duration.ofDays(30), Duration.ZERO),
    /** AAL2: at most 24 hours, and one hour without use. */
    AAL2(Duration.ofHours(24), Duration.ofHours(24), Duration.ofHours(1)),
    /** AAL3: at most 12 hours, and 15 minutes without use. */
    AAL3(Duration.ofHours(12), Duration.ofHours(12), Duration.ofMinutes(15));

    private final Duration absolute;
    private final Duration absoluteAtMost;
    private final Duration idleAtMost;

    AssuranceLevel(Duration absolute, Duration absoluteAtMost, Duration idleAtMost) {
        this.absolute = absolute;
        this.absoluteAtMost = absoluteAtMost;
        this.idleAtMost = idleAtMost;
    }

    /** Returns the absolute timeout if none is configured. */
    Duration absolute() {
        return absolute;
    }

    /** Returns whether an absolute timeout is allowed; zero stands for none. */
    boolean allowsAbsolute(Duration wanted) {
        return absoluteAtMost.isZero() || (!wanted.isZero() && wanted.compareTo(absoluteAtMost) <= 0);
    }

    /** Returns the maximum absolute timeout; zero for no limit. */
    Duration absoluteAtMost() {
        return absoluteAtMost;
    }

    /** Returns the maximum idle timeout; zero for no limit. */
    Duration idleAtMost() {
        return idleAtMost;
    }
}
