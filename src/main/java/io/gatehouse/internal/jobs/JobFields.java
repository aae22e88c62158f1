package io.gatehouse.internal.jobs;

import io.gatehouse.jobs.JobResult;
import io.gatehouse.jobs.JobRun;
import io.gatehouse.jobs.JobState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts the stored fields of a run to a {@link JobRun}. */
final class JobFields {
    static final String ARGUMENTS_FIELD = "args";

    private static final String ARGUMENT_PREFIX = "a:";
    private static final String RESULT_FIELD = "result";
    private static final String COUNTS_FIELD = "counts";
    private static final Pattern COUNTS = Pattern.compile("(\\d{1,18}) (\\d{1,18}) (\\d{1,18}) (\\d{1,18}) ([01])");

    private JobFields() {}

    /** Returns the run with these fields, or empty if mandatory fields are missing or invalid. */
    static Optional<JobRun> run(String id, Map<String, String> fields) {
        String name = fields.get("name");
        Optional<JobState> state = state(fields.getOrDefault("state", ""));
        Instant submitted = instant(fields, "submitted");
        if (name == null || state.isEmpty() || submitted == null) {
            return Optional.empty();
        }
        Instant due = instant(fields, "due");
        return Optional.of(new JobRun(
                id,
                name,
                arguments(fields),
                state.get(),
                fields.getOrDefault("by", ""),
                fields.get("node"),
                (int) number(fields, "attempts"),
                number(fields, "done"),
                number(fields, "total"),
                fields.getOrDefault("message", ""),
                submitted,
                due == null ? submitted : due,
                instant(fields, "started"),
                instant(fields, "finished"),
                state.get() == JobState.SUCCEEDED ? result(fields).orElse(null) : null));
    }

    /** Returns the arguments of a run; empty if they are malformed, because stored data may be corrupt. */
    private static Map<String, Object> arguments(Map<String, String> fields) {
        String json = fields.get(ARGUMENTS_FIELD);
        try {
            return json == null ? new TreeMap<>(textArguments(fields)) : new JsonParser(json).object();
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** Returns the arguments of a run of an earlier version, which were texts in fields of their own. */
    static Map<String, String> textArguments(Map<String, String> fields) {
        Map<String, String> arguments = new TreeMap<>();
        fields.forEach((field, value) -> {
            if (field.startsWith(ARGUMENT_PREFIX)) {
                arguments.put(field.substring(ARGUMENT_PREFIX.length()), value);
            }
        });
        return arguments;
    }

    private static @Nullable Instant instant(Map<String, String> fields, String field) {
        long micros = number(fields, field);
        return micros <= 0 ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Returns a number; a text that is not a number counts as 0, because stored data may be corrupt. */
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

    /** Returns the counts in their stored form: {@code <done> <failed> <skipped> <total> <1 if complete>}. */
    static String counts(JobResult result) {
        return result.done() + " " + result.failed() + " " + result.skipped() + " " + result.total()
                + (result.complete() ? " 1" : " 0");
    }

    /** Returns the stored result of a run. Runs of earlier versions have no counts and are treated as complete. */
    static Optional<JobResult> result(Map<String, String> fields) {
        String message = fields.get(RESULT_FIELD);
        if (message == null) {
            return Optional.empty();
        }
        Matcher counts = COUNTS.matcher(fields.getOrDefault(COUNTS_FIELD, ""));
        return Optional.of(
                counts.matches()
                        ? new JobResult(
                                Long.parseLong(counts.group(1)),
                                Long.parseLong(counts.group(2)),
                                Long.parseLong(counts.group(3)),
                                Long.parseLong(counts.group(4)),
                                counts.group(5).equals("1"),
                                message)
                        : JobResult.of(message));
    }
}
