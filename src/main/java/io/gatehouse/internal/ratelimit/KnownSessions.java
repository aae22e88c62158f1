package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * A cache of the session ids that requests have claimed, and of whether each opened a session the last time. It decides who is charged
 * before the session is read, in the same round trip: a request whose id opened a session charges the user; a request whose id did not
 * never does. A request whose id is unknown charges the user on a guess, and each user has at most one guess in progress.
 *
 * <p>Invariant: of all requests whose session does not open, at most one for each user and node holds tokens of that user, and only
 * until Redis has replied. An attacker with forged session ids therefore cannot use up a user's quota. Bounded. Thread-safe.
 */
final class KnownSessions {
    static final Duration MEMORY = Duration.ofMinutes(10);
    /** Longer than any round trip. A guess that is never completed, for example because its thread died, expires after this time. */
    static final Duration LONGEST_GUESS = Duration.ofSeconds(10);

    private static final int MOST = 100_000;

    /** The result of the last request with an id. */
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

    /** Starts to charge a user on a guess; returns false if another guess for this user is in progress. */
    boolean beginGuess(String userTag) {
        return guesses.putIfAbsent(userTag, true) == null;
    }

    void endGuess(String userTag) {
        guesses.remove(userTag);
    }
}
