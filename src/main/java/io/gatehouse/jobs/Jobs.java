package io.gatehouse.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The queue of background runs of an application: submits a run to any node of the cluster, reports its progress, and cancels
 * it. One node executes a run at a time; if that node dies, another node executes the run again. All timestamps are those of
 * the Redis server. Thread-safe.
 *
 * <pre>{@code
 * @Inject
 * Jobs jobs;
 *
 * String id = jobs.submit("warm-users", Map.of("keys", List.of("user1", "user2")));
 * JobRun run = jobs.await(id, Duration.ofSeconds(30));
 * if (run.state() != JobState.SUCCEEDED) {
 *     log.warn("not warmed: " + run.message());
 * }
 * }</pre>
 *
 * <p>Every method throws {@link io.gatehouse.RedisUnavailableException} if Redis does not answer in time.
 */
public interface Jobs {

    /**
     * Registers the code of a job on this node, with {@link JobOptions#DEFAULT}. Every node of the application should do so; a bean
     * with {@link Job} needs no call.
     *
     * @throws IllegalArgumentException if the name is invalid, built in, or has a handler already
     */
    default void register(String name, JobHandler handler) {
        register(name, handler, JobOptions.DEFAULT);
    }

    /**
     * Registers the code of a job on this node.
     *
     * @throws IllegalArgumentException if the name is invalid, built in, or has a handler already, or if the cron expression is
     *     invalid or never fires
     */
    void register(String name, JobHandler handler, JobOptions options);

    /**
     * Adds a run to the queue, to start at once.
     *
     * @param name the name of a job that a live node has registered
     * @param arguments as for {@link #submit(String, Map, SubmitOptions)}
     * @return the id of the run
     * @throws IllegalArgumentException if no node knows the name, with the known names, or if an argument is invalid
     * @throws JobRefusedException if 1,000 runs are queued or no node is alive
     */
    default String submit(String name, Map<String, ?> arguments) {
        return submit(name, arguments, SubmitOptions.now());
    }

    /**
     * Adds a run to the queue.
     *
     * @param name the name of a job that a live node has registered. Until the application has started, its own submissions may
     *     have any name
     * @param arguments at most 64, with names of up to 64 characters. A value is a {@link String}, {@link Boolean}, {@link Integer},
     *     {@link Long}, {@link Double}, {@link java.util.Collection} or {@link Map}, nested up to 8 levels; together they have
     *     at most 65,536 bytes as JSON
     * @return the id of the run
     * @throws IllegalArgumentException if no node knows the name, with the known names, or if an argument is invalid or the start
     *     is more than 30 days ahead
     * @throws JobRefusedException if 1,000 runs are queued or no node is alive
     */
    String submit(String name, Map<String, ?> arguments, SubmitOptions options);

    /**
     * Adds a run to the queue unless a node has already submitted this job in the current period, or a run of it is queued or
     * running. For timers that fire on every node.
     *
     * @param period from one millisecond to 365 days; periods are counted from 1970-01-01T00:00Z
     * @return the id of the run, or empty if no run was needed
     * @throws IllegalArgumentException if the name or the period is outside of these bounds
     * @throws JobRefusedException if 1,000 runs are queued
     */
    Optional<String> submitOnce(String name, Duration period);

    /** Returns the present state of a run, or empty if the id is unknown or the run is older than the last hundred ended runs. */
    Optional<JobRun> find(String id);

    /**
     * Waits until a run has ended or the timeout has passed. Returns early, with the interrupt status set, if the thread is
     * interrupted.
     *
     * @return the last known state of the run, ended or not
     * @throws java.util.NoSuchElementException if the run is unknown
     */
    JobRun await(String id, Duration timeout);

    /**
     * Returns the queued, running, ended and dead runs, the last submitted first.
     *
     * @param limit the maximum number of runs; values above 200 count as 200
     */
    List<JobRun> history(int limit);

    /**
     * Returns the runs in one state, the last submitted first. {@code history(JobState.DEAD, 200)} lists the runs that have failed for
     * good.
     *
     * @param limit the maximum number of runs; values above 200 count as 200
     */
    List<JobRun> history(JobState state, int limit);

    /**
     * Returns a dead or failed run to the queue, with its id, its arguments and all attempts.
     *
     * @return false if the run is in another state or unknown
     * @throws JobRefusedException if 1,000 runs are queued
     */
    boolean retry(String id);

    /**
     * Deletes a dead run.
     *
     * @return false if the run is in another state or unknown
     */
    boolean discard(String id);

    /**
     * Cancels a run: a queued run at once, a running one at its next {@link JobContext#checkCancelled}.
     *
     * @return false if the run has already ended or is unknown
     */
    boolean cancel(String id);
}
