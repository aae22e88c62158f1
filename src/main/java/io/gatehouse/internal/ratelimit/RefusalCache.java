package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the counters that have no tokens left, so that clients that keep trying are refused without a call to Redis. An entry is
 * valid for ten seconds at most, so a reset on another node takes effect on this one after at most that time. Bounded. Thread-safe.
 *
 * <p>When an entry ends, one request asks Redis ({@link #ask}), and the others are refused as before until it has its answer. If
 * Redis refuses again, {@link #note} starts a new entry; otherwise {@link #forget} removes this one, and every request asks. A request
 * that never reports its answer holds the others back for {@link #LONGEST_QUESTION}; then the next one asks.
 */
final class RefusalCache {
    static final Duration LONGEST = Duration.ofSeconds(10);

    /** How long a request may ask; the default deadline of a call to Redis, by which each request normally has an answer. */
    static final Duration LONGEST_QUESTION = Duration.ofMillis(600);

    private static final int MOST = 100_000;
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final LongSupplier nanoTime;
    private final Cache<String, Refusal> refusals =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** A refusal; all times are by {@code nanoTime}. */
    private static final class Refusal {
        /** When the wait that clients are given ends. */
        final long reported;
        /** When the next request may ask: the end of the entry, later the end of the last question. */
        final AtomicLong nextQuestion;

        Refusal(long cached, long reported) {
            this.reported = reported;
            this.nextQuestion = new AtomicLong(cached);
        }
    }

    RefusalCache(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void note(CounterCharge charge, Duration wait) {
        long now = nanoTime.getAsLong();
        Duration shorter = wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
        refusals.put(charge.id(), new Refusal(now + shorter.toNanos(), now + wait.toNanos()));
    }

    /**
     * Returns how long a counter is known to have no tokens left, also while another request asks; zero if this has ended, so that a
     * request may {@link #ask}; null if it is not known.
     */
    @Nullable
    Duration left(CounterCharge charge) {
        Refusal refusal = refusals.getIfPresent(charge.id());
        if (refusal == null) {
            return null;
        }
        long now = nanoTime.getAsLong();
        return refusal.nextQuestion.get() - now > 0 ? wait(refusal, now) : Duration.ZERO;
    }

    /**
     * Begins to ask whether a refusal that has ended is repeated. Returns the same as {@link #left}, except that after zero the request
     * does ask: it must call {@link #note} or {@link #forget} when it has an answer, or {@link #withdraw}.
     */
    @Nullable
    Duration ask(CounterCharge charge) {
        Refusal refusal = refusals.getIfPresent(charge.id());
        if (refusal == null) {
            return null;
        }
        long now = nanoTime.getAsLong();
        long next = refusal.nextQuestion.get();
        boolean asks = next - now <= 0 && refusal.nextQuestion.compareAndSet(next, now + LONGEST_QUESTION.toNanos());
        return asks ? Duration.ZERO : wait(refusal, now);
    }

    /** Called by a request that asks and will not do so after all: the next one may. */
    void withdraw(CounterCharge charge) {
        Refusal refusal = refusals.getIfPresent(charge.id());
        if (refusal != null) {
            refusal.nextQuestion.set(nanoTime.getAsLong());
        }
    }

    private static Duration wait(Refusal refusal, long now) {
        return Duration.ofNanos(Math.max(refusal.reported - now, SHORTEST_WAIT.toNanos()));
    }

    void forget(String id) {
        refusals.invalidate(id);
    }
}
