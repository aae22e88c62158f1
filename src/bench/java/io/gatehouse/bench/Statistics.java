package io.gatehouse.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in what {@code INFO} says. */
final class Statistics {
    private Statistics() {}

    /** The first group of a pattern, or 0 if Redis has nothing to say about it. */
    static long number(String info, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(info);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
