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
 * String id = jobs.submit("warm-users", Map.of("keys", "user1,user2"));
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
     * Adds a run to the queue.
     *
     * @param name the name of the job: 1 to 64 lower-case letters, digits and hyphens
     * @param arguments at most 16, with names of up to 64 characters and values of up to 4,096 bytes in UTF-8
     * @return the id of the run
     * @throws IllegalArgumentException if the name or an argument is outside of these bounds
     * @throws JobRefusedException if 1,000 runs are queued
     */
    String submit(String name, Map<String, String> arguments);

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
     * Returns the queued, running and ended runs, the last submitted first.
     *
     * @param limit the maximum number of runs; values above 200 count as 200
     */
    List<JobRun> history(int limit);

    /**
     * Cancels a run: a queued run at once, a running one at its next {@link JobContext#checkCancelled}.
     *
     * @return false if the run has already ended or is unknown
     */
    boolean cancel(String id);
}
