package io.gatehouse.bench;

import java.util.List;
import java.util.stream.IntStream;

/** The content of every session in the benchmark: ten attributes of 60 bytes. The first one starts with a count of 20 digits. */
final class Sample {
    static final int COUNT_LENGTH = 20;
    static final int VALUE_LENGTH = 60;
    static final List<String> NAMES =
            IntStream.range(0, 10).mapToObj(i -> "attribute" + i).toList();

    private static final String FILLER = "abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM";

    private Sample() {}

    static String count(long count) {
        String digits = Long.toString(count);
        return "0".repeat(COUNT_LENGTH - digits.length()) + digits;
    }

    static String value(long count) {
        return count(count) + FILLER;
    }

    static long countOf(String value) {
        return Long.parseLong(value.substring(0, COUNT_LENGTH));
    }
}
