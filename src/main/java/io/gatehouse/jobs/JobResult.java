package io.gatehouse.jobs;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The result of a run that succeeded: counts for programs and a sentence for people.
 *
 * @param done how many items were processed
 * @param failed how many items failed
 * @param skipped how many items needed no processing, or could not have any
 * @param total how many items there were; 0 if that is not known
 * @param complete whether every item was tried
 * @param message a short sentence for people, of which 1,000 characters are kept
 */
public record JobResult(long done, long failed, long skipped, long total, boolean complete, String message) {
    private static final int LONGEST_MESSAGE = 1000;
    private static final String FIELD = "result";
    private static final String COUNTS_FIELD = "counts";
    private static final Pattern COUNTS = Pattern.compile("(\\d{1,18}) (\\d{1,18}) (\\d{1,18}) (\\d{1,18}) ([01])");

    public JobResult {
        if (done < 0 || failed < 0 || skipped < 0 || total < 0) {
            throw new IllegalArgumentException("the counts are " + done + ", " + failed + ", " + skipped + " and "
                    + total + "; expected none below 0");
        }
        message = Progress.clip(message, LONGEST_MESSAGE);
    }

    /** A complete result without counts. */
    public static JobResult of(String message) {
        return new JobResult(0, 0, 0, 0, true, message);
    }

    /** Whether some items failed or were not tried. */
    public boolean isPartial() {
        return failed > 0 || !complete;
    }

    /** The counts as they are stored: {@code <done> <failed> <skipped> <total> <1 if complete>}. */
    String counts() {
        return done + " " + failed + " " + skipped + " " + total + (complete ? " 1" : " 0");
    }

    /** The stored result of a run. Runs of earlier versions have no counts; they count as complete. */
    static Optional<JobResult> of(Map<String, String> fields) {
        String message = fields.get(FIELD);
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
                        : of(message));
    }
}
