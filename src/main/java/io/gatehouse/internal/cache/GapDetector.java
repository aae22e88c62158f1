package io.gatehouse.internal.cache;

import java.util.Arrays;

/**
 * Detects invalidation messages that this node has missed.
 *
 * <p>Redis numbers the messages of each bucket without gaps and stores the last number. Pub/sub delivers the messages of a
 * bucket in order, but may lose some. Two sources of numbers are compared:
 *
 * <ul>
 *   <li>A message whose number is not the successor of the last one reveals that messages in between were lost.
 *   <li>A heartbeat reads the stored numbers. A number that was stored at the previous heartbeat, but whose message has not
 *       arrived by this one, is lost. A stored number that decreases means that Redis has lost its state: the key was evicted
 *       or flushed, or a replica that lagged behind was promoted.
 * </ul>
 *
 * <p>Invariants: before the first heartbeat after {@link #reset} no message counts as missed, because the position in the
 * sequence is unknown; after a gap the position is moved forward, so that each gap is reported once. Not thread-safe.
 */
final class GapDetector {
    private static final long UNKNOWN = -1;

    /** Redis has no number for the bucket: no message was ever sent, or the number has expired. */
    static final long NONE = 0;

    private final long[] received = new long[CacheKeys.BUCKETS];
    private final long[] stored = new long[CacheKeys.BUCKETS];
    private long heartbeatAt;
    private boolean hasHeartbeat;

    GapDetector() {
        reset();
    }

    /** Forgets the position in all sequences; to be called when the subscription is established. */
    void reset() {
        hasHeartbeat = false;
        Arrays.fill(received, UNKNOWN);
    }

    /**
     * Records the number of a received message.
     *
     * @param first whether the sequence of the bucket starts with the message
     * @return whether messages before it were missed
     */
    boolean onMessage(int bucket, long sequence, boolean first) {
        long last = received[bucket];
        if (last == UNKNOWN) {
            return false; // the next heartbeat determines the position
        }
        received[bucket] = Math.max(last, sequence);
        return first ? last != NONE : sequence > last + 1;
    }

    /**
     * Compares the numbers that are stored in Redis with those received.
     *
     * @param numbers the stored number of each bucket
     * @param sentAt when the heartbeat that read them was sent
     * @return whether messages were missed
     */
    boolean onHeartbeat(long[] numbers, long sentAt) {
        boolean gap = false;
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            if (received[bucket] == UNKNOWN) {
                received[bucket] = numbers[bucket];
            } else if (hasHeartbeat && (isReset(numbers, bucket) || stored[bucket] > received[bucket])) {
                gap = true;
                received[bucket] = numbers[bucket];
            }
        }
        System.arraycopy(numbers, 0, stored, 0, numbers.length);
        heartbeatAt = sentAt;
        hasHeartbeat = true;
        return gap;
    }

    private boolean isReset(long[] numbers, int bucket) {
        return numbers[bucket] < received[bucket] && numbers[bucket] < stored[bucket];
    }

    /** Returns whether every message that the last heartbeat knew of has arrived. */
    boolean isCaughtUp() {
        if (!hasHeartbeat) {
            return false;
        }
        for (int bucket = 0; bucket < CacheKeys.BUCKETS; bucket++) {
            if (received[bucket] < stored[bucket]) {
                return false;
            }
        }
        return true;
    }

    /** Returns when the last heartbeat was sent. */
    long heartbeatAt() {
        return heartbeatAt;
    }
}
