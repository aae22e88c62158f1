package io.gatehouse.jobs;

/**
 * The result of a run that succeeded: counts for programs and a sentence for people. Immutable.
 *
 * <pre>{@code
 * return new JobResult(removed, failed, 0, removed + failed, true, removed + " reports removed");
 * }</pre>
 *
 * @param done how many items were processed
 * @param failed how many items failed
 * @param skipped how many items needed no processing, or could not have any
 * @param total how many items there were; 0 if that is not known
 * @param complete whether every item was tried
 * @param message a short sentence for people, of which 1,000 characters are kept
 */
public record JobResult(long done, long failed, long skipped, long total, boolean complete, String message) {
    private static final int MAX_MESSAGE_LENGTH = 1000;

    public JobResult {
        if (done < 0 || failed < 0 || skipped < 0 || total < 0) {
            throw new IllegalArgumentException("The counts are " + done + ", " + failed + ", " + skipped + " and "
                    + total + "; expected no negative number");
        }
        message = clip(message);
    }

    /** Returns a complete result without counts. */
    public static JobResult of(String message) {
        return new JobResult(0, 0, 0, 0, true, message);
    }

    /** Returns whether some items failed or were not tried. */
    public boolean isPartial() {
        return failed > 0 || !complete;
    }

    private static String clip(String text) {
        int length = Math.min(text.length(), MAX_MESSAGE_LENGTH);
        if (length > 0 && length < text.length() && Character.isHighSurrogate(text.charAt(length - 1))) {
            length--;
        }
        return text.substring(0, length).replaceAll("\\p{Cntrl}", " ");
    }
}
