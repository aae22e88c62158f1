package io.gatehouse.jobs;

import java.util.Map;

/** What a work knows of its run. Safe for use by several threads. */
public interface JobContext {
    Map<String, String> arguments();

    /** An argument, or something else if the run has none of that name. */
    default String argument(String name, String otherwise) {
        return arguments().getOrDefault(name, otherwise);
    }

    /**
     * Says how far the work is. Costs nothing: it goes to Redis with the next renewal of the lease.
     *
     * @param total of how much; 0 if that is not known
     * @param message of which 200 characters are kept
     */
    void progress(long done, long total, String message);

    /**
     * Goes on, or does not; to be asked between steps.
     *
     * @throws JobCancelled if somebody cancelled the run, this node stops, or another node has the run by now
     */
    void checkCancelled();

    /** A number that grows each time a run is claimed, for stores that refuse what an earlier holder of the run writes. */
    long fencingToken();
}
