package io.gatehouse.jobs;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a submitted run may start. Immutable.
 *
 * <pre>{@code
 * jobs.submit("send-reminder", Map.of("user", "user123"), SubmitOptions.delay(Duration.ofMinutes(10)));
 * jobs.submit("close-shop", Map.of(), SubmitOptions.at(Instant.parse("2027-01-01T00:00:00Z")));
 * }</pre>
 *
 * @param delay how long the run waits, by the clock of Redis: 0 to 30 days
 * @param at the earliest start, or null if only the delay counts; at most 30 days ahead, and a time in the past means now
 */
public record SubmitOptions(Duration delay, @Nullable Instant at) {
    private static final Duration MAX_DELAY = Duration.ofDays(30);
    private static final SubmitOptions NOW = new SubmitOptions(Duration.ZERO, null);

    public SubmitOptions {
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("The delay is " + delay + "; expected 0 to 30 days");
        }
        if (at != null && !delay.isZero()) {
            throw new IllegalArgumentException("The run has a delay and a time; expected one of them");
        }
    }

    /** Lets the run start at once. */
    public static SubmitOptions now() {
        return NOW;
    }

    /**
     * Lets the run wait.
     *
     * @throws IllegalArgumentException if the delay is negative or longer than 30 days
     */
    public static SubmitOptions delay(Duration delay) {
        return new SubmitOptions(delay, null);
    }

    /** Lets the run start at a time, or at once if that has passed. {@link Jobs#submit} refuses a time more than 30 days ahead. */
    public static SubmitOptions at(Instant at) {
        return new SubmitOptions(Duration.ZERO, at);
    }
}
