package io.gatehouse.ratelimit;

import java.util.HashMap;
import java.util.Map;

/**
 * The failed log-ins that lock each other out: those of one account from unknown browsers, or from one known browser. An
 * attempt counts from when it passes, so that what comes at the same time does not slip through. The arithmetic is that of
 * {@code login-enter.lua} and {@code login-settle.lua}; a test compares the two. For one thread at a time.
 */
final class Lane {
    /** When each attempt was made, in milliseconds since 1970, under {@code <address>.<attempt>}. */
    private final Map<String, Long> attempts = new HashMap<>();

    int failures() {
        return attempts.size();
    }

    /** How long it is locked, in milliseconds; 0 if the next attempt may pass. */
    long locked(LockOut lockOut, long now) {
        attempts.replaceAll((name, at) -> Math.min(at, now)); // later than that if the clock stepped back
        long last = attempts.values().stream().mapToLong(at -> at).max().orElse(0);
        if (now - last >= LockOut.MEMORY.toMillis()) {
            attempts.clear();
        }
        return failures() == 0 ? 0 : Math.max(0, last + lockOut.waitMillis(failures()) - now);
    }

    /** Lets an attempt pass and counts it, or says for how many milliseconds it may not. */
    long enter(LockOut lockOut, LoginTry attempt, long now) {
        long left = locked(lockOut, now);
        if (left == 0) {
            attempts.put(name(attempt), now);
        }
        return left;
    }

    /** Takes an attempt back. */
    void abandon(LoginTry attempt) {
        attempts.remove(name(attempt));
    }

    /** Counts an attempt again if it was forgotten meanwhile. */
    void fail(LoginTry attempt, long now) {
        attempts.putIfAbsent(name(attempt), now);
    }

    /** Forgets every attempt from the same address. */
    void forgive(LoginTry attempt) {
        attempts.keySet().removeIf(name -> name.startsWith(attempt.address() + '.'));
    }

    private static String name(LoginTry attempt) {
        return attempt.address() + '.' + attempt.attempt();
    }
}
