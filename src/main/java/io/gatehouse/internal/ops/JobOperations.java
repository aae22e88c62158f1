package io.gatehouse.internal.ops;

import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.ops.JobViews.JobList;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.jobs.JobRun;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The job operations: submit, list and cancel the runs that a node of the application executes. */
public final class JobOperations {
    public static final String WARM_USERS = "warm-users";
    public static final String WARM_OAUTH = "warm-oauth";
    public static final String WARM_ROLES = "warm-roles";
    public static final String WARM_ALL = "warm-all";
    public static final String CLEAN_UP_SESSIONS = "clean-up-sessions";

    /** The names of the jobs that every node can run. */
    public static final Set<String> NAMES = Set.of(WARM_USERS, WARM_OAUTH, WARM_ROLES, WARM_ALL, CLEAN_UP_SESSIONS);

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final @Nullable RedisJobs jobs;

    JobOperations(@Nullable RedisJobs jobs) {
        this.jobs = jobs;
    }

    private RedisJobs jobs() {
        if (jobs == null) {
            throw new FeatureDisabledException();
        }
        return jobs;
    }

    /**
     * Returns the queued, running and finished runs, the last submitted first.
     *
     * @param limit how many at most; 200 is the maximum
     */
    public JobList list(int limit) {
        return new JobList(jobs().history(limit).stream().map(JobView::of).toList());
    }

    /** Returns the current state of a run. */
    public JobView show(String id) {
        return JobView.of(find(id));
    }

    /** Returns a run, for callers whose decisions depend on its state. */
    public JobRun find(String id) {
        return jobs().find(checked(id)).orElseThrow(JobOperations::notFound);
    }

    /** Submits a run and returns its state. */
    public JobView start(String name, Map<String, String> arguments) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "the job is '" + name + "'; expected one of " + String.join(", ", new TreeSet<>(NAMES)));
        }
        return show(jobs().submit(name, arguments));
    }

    /**
     * Cancels a run and returns its state. A queued run is cancelled at once; a running one ends when its handler next checks for
     * cancellation.
     */
    public JobView cancel(String id) {
        if (!jobs().cancel(checked(id)) && jobs().find(id).isEmpty()) {
            throw notFound();
        }
        return show(id);
    }

    private static String checked(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("invalid run id; expected 22 letters, digits, hyphens or underscores");
        }
        return id;
    }

    private static NotFoundException notFound() {
        return new NotFoundException("no such run; it may have been deleted after its retention time");
    }
}
