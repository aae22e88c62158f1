package io.gatehouse.jobs;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of one run. Immutable.
 *
 * <pre>{@code
 * for (JobRun run : jobs.history(20)) {
 *     log.info(run.name() + " " + run.state().label() + " " + run.done() + "/" + run.total());
 * }
 * }</pre>
 *
 * @param id the id that {@link Jobs#submit} returned
 * @param name the name of the job
 * @param arguments the arguments that the run was submitted with, as in {@link JobContext#arguments}; unmodifiable
 * @param state the state of the run
 * @param submittedBy the node that submitted the run
 * @param node the node that executes the run or executed it last, or null before the first attempt
 * @param attempts the number of attempts, without those that a stopping node gave back
 * @param done the number of finished steps
 * @param total the number of all steps; 0 if unknown
 * @param message the last message of the job, or the reason of its failure
 * @param submitted the time of the submission
 * @param due the earliest start of the next attempt; in the past unless the run is delayed or waits for another attempt
 * @param started the start of the last attempt, or null before the first
 * @param finished the end of the run, or null if it has not ended
 * @param result the result of the job, or null if it has not succeeded
 */
public record JobRun(
        String id,
        String name,
        Map<String, Object> arguments,
        JobState state,
        String submittedBy,
        @Nullable String node,
        int attempts,
        long done,
        long total,
        String message,
        Instant submitted,
        Instant due,
        @Nullable Instant started,
        @Nullable Instant finished,
        @Nullable JobResult result) {

    public JobRun {
        arguments = Map.copyOf(arguments);
    }
}
