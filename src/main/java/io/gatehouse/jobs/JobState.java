package io.gatehouse.jobs;

import java.util.Locale;

/**
 * The state of a run.
 *
 * <pre>{@code
 * if (run.state().isFinal()) {
 *     log.info(run.name() + " " + run.state().label());
 * }
 * }</pre>
 */
public enum JobState {
    /** The run waits: for a node, for the end of its delay, or for its next attempt. */
    QUEUED,
    /** A node executes the run. */
    RUNNING,
    /** The run has returned a result. */
    SUCCEEDED,
    /** The run of a built-in job has thrown an exception, or the run was not signed by a key of the application. */
    FAILED,
    /**
     * The run of an application's job has failed in its last attempt. It is kept for 30 days, until {@link Jobs#retry} or {@link
     * Jobs#discard}.
     */
    DEAD,
    /** The run was cancelled. */
    CANCELLED;

    /** Returns the name in lower case, as in Redis, the admin API and command output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether the run has ended. Only {@link Jobs#retry} starts such a run again. */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }
}
