package io.gatehouse.internal.login;

import java.util.HashMap;
import java.util.Map;

/**
 * The failed attempts at one account that count together: those of all unknown browsers, or those of one known browser.
 *
 * <p>An admitted attempt holds a place until its outcome is known, so that concurrent attempts cannot exceed the allowance. An attempt in
 * progress counts like a failure, but never lengthens a wait: if only attempts in progress refuse the next one, the history is {@link
 * #BUSY} rather than locked. A place that is held for longer than {@link LoginSettings#LONGEST_HOLD} counts as a failure. The arithmetic
 * equals that of {@code login-enter.lua} and {@code login-settle.lua}; a test compares the two. Not thread-safe.
 */
final class FailureHistory {
    /** The result for an attempt that is refused only because attempts in progress hold all places. */
    static final long BUSY = -1;

    /** The attempts that count, by {@code <address>.<exact name>.<attempt>}. */
    private final Map<String, Attempt> attempts = new HashMap<>();

    private int abandoned;
    private long abandonedSince;

    /**
     * An attempt that counts.
     *
     * @param at the time of the attempt in milliseconds since 1970
     * @param inProgress whether the outcome is still unknown
     */
    private record Attempt(long at, boolean inProgress) {
        boolean holds(long now) {
            return inProgress && now - at < LoginSettings.LONGEST_HOLD.toMillis();
        }
    }

    int failures() {
        return attempts.size();
    }

    /**
     * Returns how long the history is locked, in milliseconds; 0 if the next attempt is admitted, {@link #BUSY} if only attempts in progress
     * refuse it.
     */
    long locked(LockoutPolicy lockoutPolicy, long now) {
        attempts.replaceAll((name, attempt) -> new Attempt(
                Math.min(attempt.at(), now),
                attempt.inProgress())); // an attempt is in the future only if the clock stepped back
        long last = attempts.values().stream().mapToLong(Attempt::at).max().orElse(0);
        if (now - last >= LockoutPolicy.MEMORY.toMillis()) {
            attempts.clear();
        }
        long left = left(lockoutPolicy, failures(), last, now);
        int held = (int)
                attempts.values().stream().filter(attempt -> attempt.holds(now)).count();
        if (left == 0 || held == 0) {
            return left;
        }
        long failed = attempts.values().stream()
                .filter(attempt -> !attempt.holds(now))
                .mapToLong(Attempt::at)
                .max()
                .orElse(0);
        long without = left(lockoutPolicy, failures() - held, failed, now);
        return without == 0 ? BUSY : without;
    }

    private static long left(LockoutPolicy lockoutPolicy, int failures, long last, long now) {
        return failures == 0 ? 0 : Math.max(0, last + lockoutPolicy.waitMillis(failures) - now);
    }

    /** Admits an attempt and returns 0, or returns the result of {@link #locked}. */
    long begin(LockoutPolicy lockoutPolicy, AttemptContext attempt, long now) {
        long left = locked(lockoutPolicy, now);
        if (left == 0) {
            attempts.put(name(attempt), new Attempt(now, true));
        }
        return left;
    }

    /** Releases the place of an attempt, as if it had not happened. */
    void withdraw(AttemptContext attempt) {
        attempts.remove(name(attempt));
    }

    /** Releases the place of an attempt, or counts it as failed if too many attempts were abandoned before. */
    void abandon(AttemptContext attempt, long now) {
        if (!attempts.containsKey(name(attempt))) {
            return;
        }
        if (now - abandonedSince >= LoginSettings.ABANDON_WINDOW.toMillis() || abandonedSince > now) {
            abandoned = 0;
            abandonedSince = now;
        }
        if (abandoned >= LoginSettings.MOST_ABANDONED) {
            fail(attempt, now);
        } else {
            abandoned++;
            withdraw(attempt);
        }
    }

    /** Counts an attempt as failed, even if it was forgotten in the meantime. */
    void fail(AttemptContext attempt, long now) {
        Attempt known = attempts.get(name(attempt));
        attempts.put(name(attempt), new Attempt(known == null ? now : known.at(), false));
    }

    /** Forgets all failures with the same exact name from the same address; attempts in progress stay. */
    void forgive(AttemptContext attempt, long now) {
        String start = start(attempt);
        attempts.entrySet()
                .removeIf(entry ->
                        entry.getKey().startsWith(start) && !entry.getValue().holds(now));
    }

    private static String name(AttemptContext attempt) {
        return start(attempt) + attempt.attempt();
    }

    private static String start(AttemptContext attempt) {
        return attempt.address() + '.' + attempt.exact() + '.';
    }
}
