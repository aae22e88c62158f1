package io.gatehouse.jobs;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * How the runs of a job are started, repeated and limited; the same options as those of {@link Job}. Immutable.
 *
 * <pre>{@code
 * jobs.register("send-invoices", sending, JobOptions.DEFAULT
 *         .withCron("0 3 * * *", ZoneId.of("Europe/Berlin"))
 *         .withAttempts(5));
 * }</pre>
 *
 * @param cron minute, hour, day of month, month and day of week, as in crontab(5); empty if only submissions run the job
 * @param zone the time zone of {@code cron}
 * @param attempts how often a run is started before it is dead: 1 to 100
 * @param backoff the pause before the second attempt, 0 to one day; it doubles with each further attempt, up to an hour, and
 *     varies at random
 * @param timeout how long an attempt may take before its thread is interrupted and it counts as failed: one millisecond to one day
 */
public record JobOptions(String cron, ZoneId zone, int attempts, Duration backoff, Duration timeout) {
    private static final int MAX_ATTEMPTS = 100;
    private static final Duration MAX_TIME = Duration.ofDays(1);

    /** No cron expression, three attempts, a pause of 10 seconds, and a timeout of one hour. */
    public static final JobOptions DEFAULT =
            new JobOptions("", ZoneOffset.UTC, 3, Duration.ofSeconds(10), Duration.ofHours(1));

    public JobOptions {
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("The attempts are " + attempts + "; expected 1 to " + MAX_ATTEMPTS);
        }
        if (backoff.isNegative() || backoff.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException("The backoff is " + backoff + "; expected 0 to one day");
        }
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException("The timeout is " + timeout + "; expected one millisecond to one day");
        }
    }

    /** Returns the same options with a cron expression, which is checked when the job is registered. */
    public JobOptions withCron(String newCron, ZoneId newZone) {
        return new JobOptions(newCron, newZone, attempts, backoff, timeout);
    }

    /** Returns the same options with another number of attempts. */
    public JobOptions withAttempts(int newAttempts) {
        return new JobOptions(cron, zone, newAttempts, backoff, timeout);
    }

    /** Returns the same options with another pause before the second attempt. */
    public JobOptions withBackoff(Duration newBackoff) {
        return new JobOptions(cron, zone, attempts, newBackoff, timeout);
    }

    /** Returns the same options with another timeout of an attempt. */
    public JobOptions withTimeout(Duration newTimeout) {
        return new JobOptions(cron, zone, attempts, backoff, newTimeout);
    }
}
