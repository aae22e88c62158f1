package io.gatehouse.jobs;

import java.util.Map;

/**
 * The view that a job has of its current run: arguments, progress, cancellation and the fencing token. Thread-safe.
 *
 * <pre>{@code
 * String tenant = context.argument("tenant", "default");
 * context.checkCancelled();
 * store.write(tenant, report, context.fencingToken());
 * context.progress(1, 1, tenant);
 * }</pre>
 */
public interface JobContext {
    /** Returns the arguments that the run was submitted with; unmodifiable. */
    Map<String, String> arguments();

    /** Returns an argument, or {@code otherwise} if the run has no argument of that name. */
    default String argument(String name, String otherwise) {
        return arguments().getOrDefault(name, otherwise);
    }

    /**
     * Records the progress of the run. Needs no round trip: the next renewal of the lease carries it to Redis.
     *
     * @param done the number of finished steps
     * @param total the number of all steps; 0 if unknown
     * @param message a text for people; the first 200 characters are kept
     */
    void progress(long done, long total, String message);

    /**
     * Returns if the run may continue. Call it between two steps.
     *
     * @throws JobCancelledException if the run was cancelled, this node stops, or another node has taken the run over
     */
    void checkCancelled();

    /**
     * Returns a number that grows with each attempt. A store that remembers the highest number it has seen can refuse writes of
     * an attempt that has lost its lease (M. Kleppmann, How to do distributed locking, 2016).
     */
    long fencingToken();
}
