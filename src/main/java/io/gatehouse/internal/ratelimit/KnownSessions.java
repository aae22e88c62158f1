package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * What this node remembers about session ids that requests claimed: whether they opened a session when they came last. A
 * request with an id that opened one charges its user in the flight that reads the session; a request with an id that did not
 * never does. An id that this node has not seen is a guess, of which each user has at most one under way.
 *
 * <p>Invariant: of all requests whose session does not open, at most one for each user and node holds tokens of that user, and
 * only until its flight is back. Bounded; safe for use by several threads.
 */
final class KnownSessions {
    static final Duration MEMORY = Duration.ofMinutes(10);
    /** Longer than any flight: a guess that was never settled, because its thread died, ends by itself. */
    static final Duration LONGEST_GUESS = Duration.ofSeconds(10);

    private static final int MOST = 100_000;

    /** What is known of an id. */
    enum LastResult {
        OPENED,
        DEAD,
        UNKNOWN
    }

    private final Cache<String, LastResult> seen;
    private final ConcurrentMap<String, Boolean> guesses;

    KnownSessions(LongSupplier nanoTime) {
        Ticker ticker = nanoTime::getAsLong;
        this.seen = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(MEMORY)
                .ticker(ticker)
                .build();
        this.guesses = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(LONGEST_GUESS)
                .ticker(ticker)
                .<String, Boolean>build()
                .asMap();
    }

    LastResult lastResult(String id) {
        LastResult known = seen.getIfPresent(id);
        return known == null ? LastResult.UNKNOWN : known;
    }

    void note(String id, boolean opened) {
        seen.put(id, opened ? LastResult.OPENED : LastResult.DEAD);
    }

    /** Begins to charge a user on a guess; returns whether no other guess for this user is under way. */
    boolean beginGuess(String userTag) {
        return guesses.putIfAbsent(userTag, true) == null;
    }

    void endGuess(String userTag) {
        guesses.remove(userTag);
    }
}
