package io.gatehouse.internal.jobs;

/** How far a run is. */
record JobProgress(long done, long total, String message) {
    static final JobProgress NONE = new JobProgress(0, 0, "");

    private static final int LONGEST_MESSAGE = 200;

    JobProgress {
        done = Math.max(0, done);
        total = Math.max(0, total);
        message = clip(message, LONGEST_MESSAGE);
    }

    /** The same, with other words. */
    JobProgress saying(String words) {
        return new JobProgress(done, total, words);
    }

    /** The beginning of a text, in one line. */
    static String clip(String text, int longest) {
        int length = Math.min(text.length(), longest);
        if (length > 0 && length < text.length() && Character.isHighSurrogate(text.charAt(length - 1))) {
            length--;
        }
        return text.substring(0, length).replaceAll("\\p{Cntrl}", " ");
    }
}
