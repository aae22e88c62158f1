package io.gatehouse.internal.cache;

import io.gatehouse.cache.CacheStatistics;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Adds, subtracts, formats and parses {@link CacheStatistics}. */
final class RegionNumbers {
    /** The number of counters that only grow; entries and bytes follow them. */
    private static final int COUNTERS = 11;

    private RegionNumbers() {}

    /** Returns the difference of two snapshots; entries and bytes are those of the later one. */
    static CacheStatistics since(CacheStatistics now, CacheStatistics before) {
        long[] numbers = numbers(now);
        long[] earlier = numbers(before);
        for (int i = 0; i < COUNTERS; i++) {
            numbers[i] -= earlier[i];
        }
        return of(now.region(), numbers);
    }

    /** Returns the sum of two nodes. */
    static CacheStatistics sum(CacheStatistics one, CacheStatistics other) {
        long[] numbers = numbers(one);
        long[] others = numbers(other);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += others[i];
        }
        return of(one.region(), numbers);
    }

    /** Returns the name of the region and its numbers, separated by blanks. */
    static String line(CacheStatistics statistics) {
        return statistics.region()
                + ' '
                + Arrays.stream(numbers(statistics)).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    /** Reads a {@link #line}; ignores numbers that a newer version has appended. */
    static CacheStatistics parse(String line) {
        String[] words = line.split(" ", -1);
        long[] numbers = new long[COUNTERS + 2];
        for (int i = 0; i < numbers.length && i + 1 < words.length; i++) {
            numbers[i] = Long.parseLong(words[i + 1]);
        }
        return of(words[0], numbers);
    }

    private static long[] numbers(CacheStatistics statistics) {
        return new long[] {
            statistics.firstLevelHits(),
            statistics.secondLevelHits(),
            statistics.misses(),
            statistics.loads(),
            statistics.loadFailures(),
            statistics.loadMicros(),
            statistics.staleServed(),
            statistics.evictions(),
            statistics.invalidations(),
            statistics.unreadable(),
            statistics.notStored(),
            statistics.entries(),
            statistics.bytes()
        };
    }

    private static CacheStatistics of(String region, long[] n) {
        return new CacheStatistics(
                region, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12]);
    }
}
