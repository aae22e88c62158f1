package io.gatehouse.internal.jobs;

import io.gatehouse.internal.cron.CronSchedule;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import org.jspecify.annotations.Nullable;

/**
 * A job that this node can run. Immutable.
 *
 * @param source names the code for people, such as the class of the handler
 * @param cron the parsed expression of the options, or null
 * @param builtIn whether Gatehouse submits the job by itself: a failed run is then not repeated and not dead, because the next run
 *     replaces it
 */
record JobDefinition(
        String name,
        JobHandler handler,
        String source,
        JobOptions options,
        @Nullable CronSchedule cron,
        boolean builtIn) {

    JobDefinition withHandler(JobHandler other) {
        return new JobDefinition(name, other, source, options, cron, builtIn);
    }
}
