package io.gatehouse.bench;

import java.util.Arrays;

/** A histogram of durations with a relative error of at most 1.6 %. Not thread-safe. */
final class Latencies {
    private static final int SUB_BITS = 5;
    private static final int SUBS = 1 << SUB_BITS;

    private final long[] counts = new long[Long.SIZE * SUBS];
    private long total;

    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    void addAll(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    long total() {
        return total;
    }

    /** Returns the duration in milliseconds that a share of all durations does not exceed. */
    double millis(double share) {
        long rank = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return middle(i) / 1e6;
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        if (nanos < SUBS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
        return (shift + 1) * SUBS + (int) (nanos >> shift) - SUBS;
    }

    private static double middle(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = bucket / SUBS - 1;
        return ((long) (bucket % SUBS + SUBS) << shift) + (1L << shift) / 2.0;
    }
}
