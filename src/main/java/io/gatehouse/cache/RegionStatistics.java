package io.gatehouse.cache;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What happened in a region on one node since its start, or within a time.
 *
 * @param firstLevelHits found in the process
 * @param secondLevelHits found in Redis
 * @param misses found nowhere
 * @param loads loaders that gave a value or said that there is none
 * @param loadFailures loaders that threw or were given up
 * @param loadMicros microseconds that the {@code loads} took
 * @param staleServed older values that were given because a loader failed or took long
 * @param evictions entries that left the process because it was full
 * @param invalidations entries that were invalidated here or by another node
 * @param unreadable entries that could not be read, such as of a class that is gone
 * @param notStored values that could not be written, or that Redis did not take
 * @param entries now in the process
 * @param bytes now in the process, as their size in Redis
 */
public record RegionStatistics(
        String region,
        long firstLevelHits,
        long secondLevelHits,
        long misses,
        long loads,
        long loadFailures,
        long loadMicros,
        long staleServed,
        long evictions,
        long invalidations,
        long unreadable,
        long notStored,
        long entries,
        long bytes) {

    /** How many of the numbers only grow; entries and bytes are the rest. */
    private static final int COUNTED = 11;

    /** What came since another look; entries and bytes are those of now. */
    RegionStatistics since(RegionStatistics before) {
        long[] numbers = numbers();
        long[] then = before.numbers();
        for (int i = 0; i < COUNTED; i++) {
            numbers[i] -= then[i];
        }
        return of(region, numbers);
    }

    /** Of two nodes together. */
    RegionStatistics plus(RegionStatistics other) {
        long[] numbers = numbers();
        long[] others = other.numbers();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += others[i];
        }
        return of(region, numbers);
    }

    /** The region and its numbers, with blanks between. */
    String line() {
        return region + ' ' + Arrays.stream(numbers()).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    /** Reads a {@link #line}; numbers that a newer version may have put behind are left out. */
    static RegionStatistics parse(String line) {
        String[] words = line.split(" ", -1);
        long[] numbers = new long[COUNTED + 2];
        for (int i = 0; i < numbers.length && i + 1 < words.length; i++) {
            numbers[i] = Long.parseLong(words[i + 1]);
        }
        return of(words[0], numbers);
    }

    private long[] numbers() {
        return new long[] {
            firstLevelHits,
            secondLevelHits,
            misses,
            loads,
            loadFailures,
            loadMicros,
            staleServed,
            evictions,
            invalidations,
            unreadable,
            notStored,
            entries,
            bytes
        };
    }

    private static RegionStatistics of(String region, long[] n) {
        return new RegionStatistics(
                region, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12]);
    }
}
