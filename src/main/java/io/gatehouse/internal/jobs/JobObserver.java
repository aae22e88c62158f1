package io.gatehouse.internal.jobs;

import io.gatehouse.jobs.JobState;
import java.time.Duration;

/**
 * What wants to know how runs of jobs end on this node. Called by the runner's thread; what it throws is logged and goes no
 * further.
 */
@FunctionalInterface
public interface JobObserver {
    /** Wants to know nothing. */
    JobObserver NONE = (job, state, took) -> {};

    /**
     * A run has ended, and no other node will do it again.
     *
     * @param state {@code SUCCEEDED}, {@code FAILED} or {@code CANCELLED}
     * @param took how long this node worked on it
     */
    void ended(String job, JobState state, Duration took);
}
