package io.gatehouse.jobs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the hash of a run in Redis. */
final class JobFields {
    private static final String ARGUMENT = "a:";

    private JobFields() {}

    /** Returns the run with these fields, or empty if they are not those of a run. */
    static Optional<JobRun> run(String id, Map<String, String> fields) {
        String name = fields.get("name");
        Optional<JobState> state = state(fields.getOrDefault("state", ""));
        Instant submitted = instant(fields, "submitted");
        if (name == null || state.isEmpty() || submitted == null) {
            return Optional.empty();
        }
        Map<String, String> arguments = new TreeMap<>();
        fields.forEach((field, value) -> {
            if (field.startsWith(ARGUMENT)) {
                arguments.put(field.substring(ARGUMENT.length()), value);
            }
        });
        return Optional.of(new JobRun(
                id,
                name,
                arguments,
                state.get(),
                fields.getOrDefault("by", ""),
                fields.get("node"),
                (int) number(fields, "attempts"),
                number(fields, "done"),
                number(fields, "total"),
                fields.getOrDefault("message", ""),
                submitted,
                instant(fields, "started"),
                instant(fields, "finished"),
                state.get() == JobState.SUCCEEDED ? JobResult.of(fields).orElse(null) : null));
    }

    private static @Nullable Instant instant(Map<String, String> fields, String field) {
        long micros = number(fields, field);
        return micros <= 0 ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Returns a number; a text that is not a number counts as 0, because others can write to Redis. */
    static long number(Map<String, String> fields, String field) {
        try {
            return Long.parseLong(fields.getOrDefault(field, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Optional<JobState> state(String label) {
        return Arrays.stream(JobState.values())
                .filter(state -> state.label().equals(label))
                .findFirst();
    }
}
