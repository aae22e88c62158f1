package io.gatehouse.bench;

/** The content of every session: attributes whose values start with a count of 20 digits. Most measurements use ten of 60 bytes. */
final class Sample {
    static final int COUNT_LENGTH = 20;
    static final int VALUE_LENGTH = 60;
    static final String FIRST = name(0);

    private static final String FILLER = "abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM";

    private Sample() {}

    static String name(int number) {
        return "attribute" + number;
    }

    static String count(long count) {
        String digits = Long.toString(count);
        return "0".repeat(COUNT_LENGTH - digits.length()) + digits;
    }

    static String value(long count) {
        return count(count) + FILLER;
    }

    /** Returns a value of at least {@value #VALUE_LENGTH} characters. */
    static String value(long count, int length) {
        return value(count)
                + FILLER.repeat((length - VALUE_LENGTH) / FILLER.length() + 1).substring(0, length - VALUE_LENGTH);
    }

    static long countOf(String value) {
        return Long.parseLong(value.substring(0, COUNT_LENGTH));
    }
}
