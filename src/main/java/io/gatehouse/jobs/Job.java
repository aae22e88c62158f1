package io.gatehouse.jobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name and the options of a job whose code is a CDI bean. Gatehouse finds the beans that implement {@link JobHandler} when the
 * application starts, and fails the start if a name or an option is invalid. The class also needs a scope, such as {@code
 * @ApplicationScoped}. Times are written as in the configuration: {@code 10s}, {@code 5m}, {@code 1h}.
 *
 * <pre>{@code
 * @ApplicationScoped
 * @Job(name = "send-invoices", cron = "0 3 * * *", zone = "Europe/Berlin", attempts = 5)
 * public class SendInvoices implements JobHandler {
 *     @Inject
 *     Invoices invoices;
 *
 *     @Override
 *     public JobResult run(JobContext context) {
 *         return JobResult.of(invoices.sendAll() + " invoices sent");
 *     }
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Job {
    /** The name of the job: 1 to 64 lower-case letters, digits and hyphens. */
    String name();

    /**
     * When the job runs by itself, once in the cluster: minute, hour, day of month, month and day of week, as in crontab(5); empty if
     * only submissions run it.
     */
    String cron() default "";

    /** The time zone of {@link #cron}, such as {@code Europe/Berlin}. */
    String zone() default "UTC";

    /** How often a run is started before it is dead: 1 to 100. A node that dies during a run uses up an attempt. */
    int attempts() default 3;

    /** The pause before the second attempt, 0 to one day. It doubles with each further attempt, up to an hour, and varies at random. */
    String backoff() default "10s";

    /** How long an attempt may take before its thread is interrupted and it counts as failed: one millisecond to one day. */
    String timeout() default "1h";
}
