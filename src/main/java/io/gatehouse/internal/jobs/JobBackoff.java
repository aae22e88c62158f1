package io.gatehouse.internal.jobs;

import java.time.Duration;

/** The pauses between the attempts of a run. */
final class JobBackoff {
    private static final Duration MAX = Duration.ofHours(1);

    private JobBackoff() {}

    /**
     * Returns the pause before the next attempt: the base, doubled with each further attempt up to one hour, then between half and all
     * of that, so that runs that failed together do not start together again.
     *
     * @param attempts the number of attempts so far, from 1
     * @param random a number from 0 to 1
     */
    static Duration pause(Duration base, int attempts, double random) {
        Duration pause = base;
        for (int i = 1; i < attempts && pause.compareTo(MAX) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        Duration most = base.compareTo(MAX) > 0 ? base : MAX;
        long millis = (pause.compareTo(most) > 0 ? most : pause).toMillis();
        return Duration.ofMillis(Math.round(millis * (0.5 + random / 2)));
    }
}
