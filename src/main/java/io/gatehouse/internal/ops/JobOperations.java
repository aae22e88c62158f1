package io.gatehouse.internal.ops;

import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.jobs.JobArguments;
import io.gatehouse.internal.jobs.RedisJobs;
import io.gatehouse.internal.ops.JobViews.JobList;
import io.gatehouse.internal.ops.JobViews.JobView;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import io.gatehouse.jobs.SubmitOptions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The job operations: submit, list and cancel the runs that a node of the application executes. */
public final class JobOperations {
    public static final String WARM_USERS = "warm-users";
    public static final String WARM_OAUTH = "warm-oauth";
    public static final String WARM_ROLES = "warm-roles";
    public static final String WARM_ALL = "warm-all";
    public static final String CLEAN_UP_SESSIONS = "clean-up-sessions";
    public static final String CLEAN_UP_RATE_LIMITS = "clean-up-rate-limits";
    public static final String INVALIDATE_USER_CACHE = "invalidate-user-cache";

    /** The names of the built-in jobs, of which a node without a cache runs only those that clean up. */
    public static final Set<String> NAMES = Set.of(
            WARM_USERS,
            WARM_OAUTH,
            WARM_ROLES,
            WARM_ALL,
            CLEAN_UP_SESSIONS,
            CLEAN_UP_RATE_LIMITS,
            INVALIDATE_USER_CACHE);

    private static final Setting<Duration> DELAY = Setting.duration("delay", "0", "");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final RedisJobs jobs;

    JobOperations(RedisJobs jobs) {
        this.jobs = jobs;
    }

    /**
     * Returns the runs in a state, or all, the last submitted first.
     *
     * @param state the label of a {@link JobState}, or null for all
     * @param limit how many at most; 200 is the maximum
     */
    public JobList list(@Nullable String state, int limit) {
        List<JobRun> runs = state == null ? jobs.history(limit) : jobs.history(state(state), limit);
        return new JobList(runs.stream().map(JobView::of).toList());
    }

    private static JobState state(String label) {
        return Arrays.stream(JobState.values())
                .filter(state -> state.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the state is '" + label + "'; expected one of "
                        + Arrays.stream(JobState.values()).map(JobState::label).collect(Collectors.joining(", "))));
    }

    /** Returns the names of the jobs that live nodes run. */
    public SortedSet<String> names() {
        return jobs.names();
    }

    /** Returns the current state of a run. */
    public JobView show(String id) {
        return JobView.of(find(id));
    }

    /** Returns a run, for callers whose decisions depend on its state. */
    public JobRun find(String id) {
        return jobs.find(checked(id)).orElseThrow(JobOperations::notFound);
    }

    /**
     * Submits a run and returns its state.
     *
     * @throws io.gatehouse.jobs.JobRefusedException if the queue is full or no node is alive
     */
    public JobView start(String name, Map<String, ?> arguments, SubmitOptions options) {
        return show(jobs.submit(name, arguments, options));
    }

    /** Submits a run that starts at once, and returns its state. */
    public JobView start(String name, Map<String, ?> arguments) {
        return start(name, arguments, SubmitOptions.now());
    }

    /**
     * Returns when a run may start.
     *
     * @param delay a time such as {@code 10m}, or null
     * @param at a time in ISO 8601 with an offset, such as {@code 2027-01-01T00:00:00Z}, or null
     */
    public static SubmitOptions options(@Nullable String delay, @Nullable String at) {
        if (delay != null && at != null) {
            throw new IllegalArgumentException("the run has a delay and a time; expected one of them");
        }
        if (delay != null) {
            try {
                return SubmitOptions.delay(DELAY.parser().apply(delay));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "the delay is '" + delay + "'; expected a time up to 30d, such as 10m", e);
            }
        }
        try {
            return at == null
                    ? SubmitOptions.now()
                    : SubmitOptions.at(OffsetDateTime.parse(at).toInstant());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "the time is '" + at + "'; expected one with an offset, such as 2027-01-01T00:00:00Z", e);
        }
    }

    /** Returns the arguments in a JSON object that a person wrote. */
    public static Map<String, ?> arguments(String json) {
        return JobArguments.parse(json);
    }

    /** Returns a dead or failed run to the queue, and returns its state. */
    public JobView retry(String id) {
        if (!jobs.retry(checked(id))) {
            throw notDead(id, "dead or failed");
        }
        return show(id);
    }

    /** Deletes a dead run, and returns its last state. */
    public JobView discard(String id) {
        JobView last = show(id);
        if (!jobs.discard(id)) {
            throw notDead(id, "dead");
        }
        return last;
    }

    private RuntimeException notDead(String id, String expected) {
        return new IllegalArgumentException(
                "the run is " + find(id).state().label() + "; expected a run that is " + expected);
    }

    /**
     * Cancels a run and returns its state. A queued run is cancelled at once; a running one ends when its handler next checks for
     * cancellation.
     */
    public JobView cancel(String id) {
        if (!jobs.cancel(checked(id)) && jobs.find(id).isEmpty()) {
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
