package io.gatehouse.jobs;

/** What a run does. It may be done again after a node died in the middle, so doing it twice must do no harm. */
@FunctionalInterface
public interface JobWork {
    /**
     * Does it, in one thread.
     *
     * @return how much was done, and a sentence for people
     * @throws Exception if it failed; the class and the first 200 characters of the message are kept
     */
    JobResult run(JobContext context) throws Exception;
}
