package io.gatehouse.internal.jobs;

import io.gatehouse.internal.tracing.Span;
import io.gatehouse.jobs.JobState;
import java.time.Duration;

/**
 * A listener to the ends of attempts on this node. Called by the thread of the runner; exceptions are logged and ignored.
 */
@FunctionalInterface
public interface JobObserver {
    /** Ignores all ends. */
    JobObserver NONE = (job, state, took) -> {};

    /**
     * Called when an attempt has ended.
     *
     * @param state the final state of the run, or {@code QUEUED} if the attempt has failed and the run will be repeated
     * @param took the duration of the attempt on this node; zero if this node only ended the run, such as one whose nodes have died
     */
    void ended(String job, JobState state, Duration took);

    /** Called by the thread of the handler before it runs; the caller closes the span afterwards. Must not throw. */
    default Span begin(String job) {
        return Span.NONE;
    }
}
