package io.gatehouse.internal.ratelimit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The tokens of one counter that a node has taken in advance, and the credit that decides how many it takes next. Taking one is a single
 * compare-and-set; no thread ever waits for Redis under the lock. Thread-safe.
 *
 * <p>A node requests no more than it used in as much time as a token lives, so a counter that is asked once a minute loses nothing. And
 * each request is so small that, if all tokens that are held were lost, no more than one token in {@code LOSS + 1} that the node ever
 * charged to the counter would be lost.
 */
final class PrefetchedTokens {
    /** A node loses at most one token for this many that it uses. */
    static final int LOSS = 9;

    private final AtomicLong count = new AtomicLong();
    /** When the tokens expire, and when all tokens of the counter are available again, by {@code nanoTime}. */
    private volatile long until;

    private volatile long resetAt;
    /** The tokens that Redis had left after the last grant. */
    private volatile long shared;

    /** The tokens charged to the counter that were not lost, and those that were; older ones count less. */
    private long used;

    private long lost;
    /** The tokens used since a time, and in the lifetime of a token before it. */
    private long recent;

    private long before;
    private long since;
    private final LongAdder lostTokens;
    private boolean requested;
    private long requestedUntil;

    /** @param lostTokens counts the tokens that were lost */
    PrefetchedTokens(LongAdder lostTokens) {
        this.lostTokens = lostTokens;
    }

    /**
     * Takes tokens.
     *
     * @return how many are left here, or -1 if there are too few
     */
    long take(long cost, long now) {
        for (long held = count.get(); held >= cost; held = count.get()) {
            if (until - now <= 0) {
                return -1;
            }
            if (count.compareAndSet(held, held - cost)) {
                return held - cost;
            }
        }
        return -1;
    }

    /**
     * Returns how many tokens to request from Redis: more than the cost only for one request at a time.
     *
     * @param share the most tokens that the node may hold
     * @param all whether to request the whole share, whatever was used before
     * @param life for how many nanoseconds the tokens may be used
     * @param timeout after how many nanoseconds a request that was never completed is given up
     */
    synchronized long requestSize(long cost, long share, boolean all, long now, long life, long timeout) {
        expire(now);
        if (requested && requestedUntil - now > 0) {
            return cost;
        }
        roll(now, life);
        long held = count.get();
        long earned = all
                ? share
                : Math.min((used + cost - LOSS * lost - (LOSS + 1) * held) / LOSS, Math.max(before, recent));
        long size = cost + Math.max(0, Math.min(share - cost - (all ? 0 : held), earned));
        requested = size > cost;
        requestedUntil = now + timeout;
        return size;
    }

    /** Ends the request for more than the cost, whether it was granted or not. */
    synchronized void requestDone() {
        requested = false;
    }

    /**
     * Keeps what a request did not need of its grant.
     *
     * @param left the tokens that Redis has left
     * @param untilReset the nanoseconds until all tokens are available again
     * @param life for how many nanoseconds the tokens may be used
     */
    synchronized void granted(long granted, long cost, long share, long left, long untilReset, long now, long life) {
        expire(now);
        used += granted;
        recent += granted;
        shared = left;
        resetAt = now + untilReset;
        if (granted > cost) {
            until = now + life;
            add(granted - cost, share);
        }
        if (used > 2L * (LOSS + 1) * Math.max(share, cost)) { // old use counts less, and the numbers stay small
            used /= 2;
            lost = (lost + 1) / 2;
        }
    }

    /** Returns tokens that were taken here and are not needed. */
    synchronized void putBack(long tokens, long share, long now) {
        expire(now);
        if (until - now > 0) {
            add(tokens, share);
        } else {
            lose(tokens);
        }
    }

    /** Records that tokens that Redis had granted were refunded there. */
    synchronized void refunded(long tokens) {
        used -= tokens;
    }

    private void roll(long now, long life) {
        if (now - since >= life) {
            before = now - since < 2 * life ? recent : 0;
            recent = 0;
            since = now;
        }
    }

    private void add(long tokens, long share) {
        long kept = Math.max(0, Math.min(tokens, share - count.get()));
        count.addAndGet(kept);
        lose(tokens - kept);
    }

    /** Drops the tokens once they have expired. */
    private void expire(long now) {
        if (until - now <= 0) {
            lose(count.getAndSet(0));
        }
    }

    private void lose(long tokens) {
        used -= tokens;
        recent = Math.max(0, recent - tokens);
        lost += tokens;
        lostTokens.add(tokens);
    }

    /** Returns how many tokens may be used now. */
    long valid(long now) {
        return until - now > 0 ? count.get() : 0;
    }

    /** Returns the tokens that the counter had left for all nodes after the last grant. */
    long shared() {
        return shared;
    }

    /** Returns the nanoseconds until all tokens of the counter are available again, if no request uses more. */
    long untilReset(long now) {
        return Math.max(0, resetAt - now);
    }
}
