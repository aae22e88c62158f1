package io.gatehouse.internal.jobs;

/** The progress of a run: finished steps, all steps, and a message. Immutable. */
record JobProgress(long done, long total, String message) {
    /** The progress at the start of a run. */
    static final JobProgress NONE = new JobProgress(0, 0, "");

    private static final int MAX_MESSAGE_LENGTH = 200;

    JobProgress {
        done = Math.max(0, done);
        total = Math.max(0, total);
        message = clip(message, MAX_MESSAGE_LENGTH);
    }

    /** Returns the same counts with another message. */
    JobProgress withMessage(String newMessage) {
        return new JobProgress(done, total, newMessage);
    }

    /** Returns the start of a text, in one line and without half a surrogate pair. */
    static String clip(String text, int maxLength) {
        int length = Math.min(text.length(), maxLength);
        if (length > 0 && length < text.length() && Character.isHighSurrogate(text.charAt(length - 1))) {
            length--;
        }
        return text.substring(0, length).replaceAll("\\p{Cntrl}", " ");
    }
}
