package io.gatehouse.internal.warmup;

/** A listener to the progress of a run. An exception that it throws stops the run and reaches the caller of the warmer. */
@FunctionalInterface
public interface WarmupProgress {
    /** Ignores progress. */
    WarmupProgress NONE = (done, total, scope) -> {};

    /**
     * Called before each batch and after the last.
     *
     * @param done the number of keys that have been tried
     * @param total the number of keys to try, as far as known
     * @param scope the scope that is being warmed
     */
    void at(long done, long total, String scope);
}
