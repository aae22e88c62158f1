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
    /** The run waits for a node. */
    QUEUED,
    /** A node executes the run. */
    RUNNING,
    /** The run has returned a result. */
    SUCCEEDED,
    /** The run has thrown an exception, or its nodes died too often. */
    FAILED,
    /** The run was cancelled. */
    CANCELLED;

    /** Returns the name in lower case, as in Redis, the admin API and command output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether no other state can follow. */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }
}
