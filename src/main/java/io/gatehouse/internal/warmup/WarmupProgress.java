package io.gatehouse.internal.warmup;

/** Listens to how far a run has come; what it throws stops the run and reaches whoever began it. */
@FunctionalInterface
public interface WarmupProgress {
    WarmupProgress NONE = (done, total, what) -> {};

    /**
     * Told before each batch and after the last.
     *
     * @param done how many keys have been tried
     * @param total how many are to be tried, as far as is known by now
     * @param what the scope that is being warmed
     */
    void at(long done, long total, String what);
}
