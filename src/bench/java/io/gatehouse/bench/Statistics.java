package io.gatehouse.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers from replies to {@code INFO}. */
final class Statistics {
    private Statistics() {}

    /** Returns the number in the first group of a pattern, or 0 if the reply does not match it. */
    static long number(String info, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(info);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    /** Returns the sum of the numbers in the first group of a pattern. */
    static double sum(String info, String pattern) {
        return Pattern.compile(pattern)
                .matcher(info)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }
}
