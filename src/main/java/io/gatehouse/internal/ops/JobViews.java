package io.gatehouse.internal.ops;

import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The results of {@link JobOperations}. Component names are the names of the JSON members. */
public final class JobViews {
    private JobViews() {}

    /** Runs, the last submitted first. */
    public record JobList(List<JobView> jobs) {}

    /**
     * One run.
     *
     * @param total how many items there are, or null if unknown
     */
    public record JobView(
            String id,
            String name,
            Map<String, ?> arguments,
            JobState state,
            String submittedBy,
            @Nullable String node,
            int attempts,
            long done,
            @Nullable Long total,
            @Nullable String message,
            Instant submittedAt,
            Instant dueAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String result) {
        /** Returns the view of a run. */
        public static JobView of(JobRun run) {
            JobResult result = run.result();
            return new JobView(
                    run.id(),
                    run.name(),
                    run.arguments(),
                    run.state(),
                    run.submittedBy(),
                    run.node(),
                    run.attempts(),
                    run.done(),
                    run.total() == 0 ? null : run.total(),
                    run.message().isEmpty() ? null : run.message(),
                    run.submitted(),
                    run.due(),
                    run.started(),
                    run.finished(),
                    result == null ? null : result.message());
        }
    }

    /** The name of the job that this node is running, if any. */
    public record NodeJobsView(Optional<String> running) {}
}
