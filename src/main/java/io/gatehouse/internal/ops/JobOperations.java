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

/** Jobs: work that some node of the application does. */
public final class JobOperations {
    public static final String WARM_USERS = "warm-users";
    public static final String WARM_OAUTH = "warm-oauth";
    public static final String WARM_ROLES = "warm-roles";
    public static final String WARM_ALL = "warm-all";
    public static final String CLEAN_UP_SESSIONS = "clean-up-sessions";

    /** What every node can do. */
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

    /** The runs that wait, run and have ended, the last submitted first; at most 200. */
    public JobList list(int most) {
        return new JobList(jobs().history(most).stream().map(JobView::of).toList());
    }

    /** A run as it is now. */
    public JobView show(String id) {
        return JobView.of(find(id));
    }

    /** A run as it is now, for callers that decide by it. */
    public JobRun find(String id) {
        return jobs().find(checked(id)).orElseThrow(JobOperations::gone);
    }

    /** Puts a run into the queue: as {@link #show}. */
    public JobView start(String name, Map<String, String> arguments) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "the job is '" + name + "'; expected one of " + String.join(", ", new TreeSet<>(NAMES)));
        }
        return show(jobs().submit(name, arguments));
    }

    /** Cancels a run, at once if it waits and else when its work next asks: as {@link #show}. */
    public JobView cancel(String id) {
        if (!jobs().cancel(checked(id)) && jobs().find(id).isEmpty()) {
            throw gone();
        }
        return show(id);
    }

    private static String checked(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "this is no id of a run; expected 22 letters, digits, hyphens and underscores");
        }
        return id;
    }

    private static NotFoundException gone() {
        return new NotFoundException("there is no such run, or no longer");
    }
}
