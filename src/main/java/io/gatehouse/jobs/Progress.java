package io.gatehouse.jobs;

/** How far a run is. */
record Progress(long done, long total, String message) {
    static final Progress NONE = new Progress(0, 0, "");

    private static final int LONGEST_MESSAGE = 200;

    Progress {
        done = Math.max(0, done);
        total = Math.max(0, total);
        message = clip(message, LONGEST_MESSAGE);
    }

    /** The same, with other words. */
    Progress saying(String words) {
        return new Progress(done, total, words);
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
