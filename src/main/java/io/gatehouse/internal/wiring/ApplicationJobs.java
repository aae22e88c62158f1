package io.gatehouse.internal.wiring;

import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.jobs.JobRegistry;
import io.gatehouse.jobs.Job;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Registers the jobs that are beans of the application, and reports all that are wrong with them in one message. */
final class ApplicationJobs {
    private static final System.Logger LOG = System.getLogger(ApplicationJobs.class.getName());
    private static final Setting<Duration> TIME = Setting.duration("time", "0", "");

    private ApplicationJobs() {}

    /**
     * A bean that implements {@link JobHandler}.
     *
     * @param type the name of its class
     * @param job its annotation, or null
     */
    record Bean(String type, @Nullable Job job, JobHandler handler) {}

    /**
     * Registers beans.
     *
     * @throws IllegalStateException if names or options are invalid; it lists all of them
     */
    static void register(List<Bean> beans, JobRegistry registry) {
        List<String> problems = new ArrayList<>();
        for (Bean bean : beans) {
            Job job = bean.job();
            if (job == null) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "{0} implements JobHandler but has no @Job, so it is a job only if the application registers it",
                        bean.type());
                continue;
            }
            try {
                registry.register(job.name(), bean.handler(), bean.type(), options(bean.type(), job));
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException("Gatehouse cannot start, the jobs of the application have "
                    + (problems.size() == 1 ? "a problem" : problems.size() + " problems") + ":\n  - "
                    + String.join("\n  - ", problems));
        }
    }

    private static JobOptions options(String type, Job job) {
        try {
            return new JobOptions(
                    job.cron(), zone(job.zone()), job.attempts(), time(job.backoff()), time(job.timeout()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Job " + job.name() + " of " + type + ": " + e.getMessage(), e);
        }
    }

    private static ZoneId zone(String zone) {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "The zone is '" + zone + "'; expected a time zone such as UTC or Europe/Berlin", e);
        }
    }

    private static Duration time(String text) {
        try {
            return TIME.parser().apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("A time is '" + text + "'; expected " + e.getMessage(), e);
        }
    }
}
