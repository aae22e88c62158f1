package io.gatehouse.cache;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The arithmetic and the text form of {@link RegionStatistics}. */
final class RegionNumbers {
    /** The number of counters that only grow; entries and bytes follow them. */
    private static final int COUNTED = 11;

    private RegionNumbers() {}

    /** Returns the difference of two snapshots; entries and bytes are those of the later one. */
    static RegionStatistics since(RegionStatistics now, RegionStatistics before) {
        long[] numbers = numbers(now);
        long[] then = numbers(before);
        for (int i = 0; i < COUNTED; i++) {
            numbers[i] -= then[i];
        }
        return of(now.region(), numbers);
    }

    /** Returns the sum of two nodes. */
    static RegionStatistics sum(RegionStatistics one, RegionStatistics other) {
        long[] numbers = numbers(one);
        long[] others = numbers(other);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += others[i];
        }
        return of(one.region(), numbers);
    }

    /** Returns the name of the region and its numbers, separated by blanks. */
    static String line(RegionStatistics statistics) {
        return statistics.region()
                + ' '
                + Arrays.stream(numbers(statistics)).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    /** Reads a {@link #line}; ignores numbers that a newer version has appended. */
    static RegionStatistics parse(String line) {
        String[] words = line.split(" ", -1);
        long[] numbers = new long[COUNTED + 2];
        for (int i = 0; i < numbers.length && i + 1 < words.length; i++) {
            numbers[i] = Long.parseLong(words[i + 1]);
        }
        return of(words[0], numbers);
    }

    private static long[] numbers(RegionStatistics of) {
        return new long[] {
            of.firstLevelHits(),
            of.secondLevelHits(),
            of.misses(),
            of.loads(),
            of.loadFailures(),
            of.loadMicros(),
            of.staleServed(),
            of.evictions(),
            of.invalidations(),
            of.unreadable(),
            of.notStored(),
            of.entries(),
            of.bytes()
        };
    }

    private static RegionStatistics of(String region, long[] n) {
        return new RegionStatistics(
                region, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12]);
    }
}
