package io.gatehouse.jobs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What has become of a run. */
public enum JobState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** The name in Redis and in answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing comes after it. */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }

    static Optional<JobState> labelled(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label().equals(label))
                .findFirst();
    }
}
