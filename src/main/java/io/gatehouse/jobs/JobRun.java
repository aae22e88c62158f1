package io.gatehouse.jobs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run of a work as it stood in Redis when somebody looked. All of it is for people to read: only a {@link JobRunner}
 * asks whether name and arguments are signed.
 *
 * @param submittedBy the node that submitted it
 * @param node the node that runs it or ran it last, or null if none has
 * @param attempts how often it was begun, those that were given back not counted
 * @param done how much of it is done
 * @param total of how much; 0 if that is not known
 * @param message what the work said last, or why it failed
 * @param started when the last attempt began
 * @param result the result, or null unless the run succeeded
 */
public record JobRun(
        String id,
        String name,
        Map<String, String> arguments,
        JobState state,
        String submittedBy,
        @Nullable String node,
        int attempts,
        long done,
        long total,
        String message,
        Instant submitted,
        @Nullable Instant started,
        @Nullable Instant finished,
        @Nullable JobResult result) {

    private static final String ARGUMENT = "a:";

    public JobRun {
        arguments = Map.copyOf(arguments);
    }

    /** The run with these fields, or nothing if they are no run's. */
    static Optional<JobRun> of(String id, Map<String, String> fields) {
        String name = fields.get("name");
        Optional<JobState> state = JobState.labelled(fields.getOrDefault("state", ""));
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

    /** What is not a number counts as 0: others may have written it. */
    static long number(Map<String, String> fields, String field) {
        try {
            return Long.parseLong(fields.getOrDefault(field, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
