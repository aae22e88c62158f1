package io.gatehouse.jobs;

import io.gatehouse.config.GatehouseException;

/**
 * Thrown if the queue of runs is full. Submit the run again later.
 *
 * <pre>{@code
 * try {
 *     jobs.submit("warm-users", Map.of());
 * } catch (JobRefusedException e) {
 *     retryLater();
 * }
 * }</pre>
 */
public final class JobRefused extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by Gatehouse. */
    public JobRefused(String message) {
        super(message, null);
    }
}
