package io.gatehouse.jobs;

import io.gatehouse.GatehouseException;

/**
 * Thrown inside a job that has to stop. Let it propagate; catch it only to release what the job holds.
 *
 * <pre>{@code
 * try {
 *     context.checkCancelled();
 * } catch (JobCancelledException e) {
 *     upload.abort();
 *     throw e;
 * }
 * }</pre>
 */
public final class JobCancelledException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; called by Gatehouse. */
    public JobCancelledException(String message) {
        super(message, null);
    }
}
