package io.gatehouse.jobs;

import io.gatehouse.GatehouseException;

/**
 * Thrown if the queue of runs is full, or no node of the application is alive. Submit the run again later.
 *
 * <pre>{@code
 * try {
 *     jobs.submit("warm-users", Map.of());
 * } catch (JobRefusedException e) {
 *     retryLater();
 * }
 * }</pre>
 */
public final class JobRefusedException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by Gatehouse. */
    public JobRefusedException(String message) {
        super(message, null);
    }
}
