package io.gatehouse.jobs;

import java.util.List;
import java.util.Map;

/**
 * The view that a job has of its current run: arguments, progress, cancellation and the fencing token. Thread-safe.
 *
 * <pre>{@code
 * String tenant = context.argument("tenant", "default");
 * List<String> users = context.texts("users");
 * context.checkCancelled();
 * store.write(tenant, report, context.fencingToken());
 * context.progress(1, 1, tenant);
 * }</pre>
 */
public interface JobContext {
    /**
     * Returns the arguments that the run was submitted with; unmodifiable. A value is a {@link String}, {@link Boolean}, {@link Long},
     * {@link Double}, {@link List} or {@link Map}.
     */
    Map<String, Object> arguments();

    /**
     * Returns an argument as a text, or {@code otherwise} if the run has no argument of that name.
     *
     * @throws IllegalArgumentException if the argument is a list or a map
     */
    default String argument(String name, String otherwise) {
        Object value = arguments().get(name);
        if (value instanceof List<?> || value instanceof Map<?, ?>) {
            throw new IllegalArgumentException("The argument " + name + " is a list or a map; expected a text");
        }
        return value == null ? otherwise : value.toString();
    }

    /**
     * Returns an argument as a list of texts; a single value is a list of one, and an absent argument an empty list.
     *
     * @throws IllegalArgumentException if the argument is a map, or a list with other items than texts, numbers and booleans
     */
    default List<String> texts(String name) {
        Object value = arguments().get(name);
        List<?> items = value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
        if (items.stream().anyMatch(item -> item instanceof List<?> || item instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("The argument " + name + " has nested items; expected a list of texts");
        }
        return items.stream().map(Object::toString).toList();
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
     * @throws JobCancelledException if the run was cancelled, its timeout has passed, this node stops, or another node
     *     has taken the run over
     */
    void checkCancelled();

    /**
     * Returns a number that grows with each attempt. A store that remembers the highest number it has seen can refuse writes of
     * an attempt that has lost its lease (M. Kleppmann, How to do distributed locking, 2016).
     */
    long fencingToken();
}
