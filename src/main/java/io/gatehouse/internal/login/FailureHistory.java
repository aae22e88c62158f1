package io.gatehouse.internal.login;

import java.util.HashMap;
import java.util.Map;

/**
 * The failed logins that lock each other out: those of one account from unknown browsers, or from one known browser. An
 * attempt holds a place from when it passes, so that what comes at the same time does not slip through. The arithmetic is that of
 * {@code login-enter.lua} and {@code login-settle.lua}; a test compares the two. For one thread at a time.
 */
final class FailureHistory {
    /** A lane's answer to an attempt that may not pass while it is only full of attempts under way. */
    static final long BUSY = -1;

    /** The attempts, under {@code <address>.<exact name>.<attempt>}. */
    private final Map<String, Attempt> attempts = new HashMap<>();

    private int abandoned;
    private long abandonedSince;

    /**
     * An attempt that counts.
     *
     * @param at when it was made, in milliseconds since 1970
     * @param underWay whether it is not settled yet
     */
    private record Attempt(long at, boolean underWay) {
        boolean holds(long now) {
            return underWay && now - at < LoginSettings.LONGEST_HOLD.toMillis();
        }
    }

    int failures() {
        return attempts.size();
    }

    /** How long it is locked, in milliseconds; 0 if the next attempt may pass, {@link #BUSY} if only attempts under way refuse it. */
    long locked(LockoutPolicy lockoutPolicy, long now) {
        attempts.replaceAll((name, attempt) -> new Attempt(
                Math.min(attempt.at(), now), attempt.underWay())); // later than that if the clock stepped back
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

    /** Lets an attempt pass, or returns what {@link #locked} does. */
    long enter(LockoutPolicy lockoutPolicy, AttemptContext attempt, long now) {
        long left = locked(lockoutPolicy, now);
        if (left == 0) {
            attempts.put(name(attempt), new Attempt(now, true));
        }
        return left;
    }

    /** Gives the place of an attempt back. */
    void withdraw(AttemptContext attempt) {
        attempts.remove(name(attempt));
    }

    /** Gives the place of an attempt back, unless too many were abandoned: then it has failed. */
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

    /** Counts an attempt as failed, also if it was forgotten meanwhile. */
    void fail(AttemptContext attempt, long now) {
        Attempt known = attempts.get(name(attempt));
        attempts.put(name(attempt), new Attempt(known == null ? now : known.at(), false));
    }

    /** Forgets every failure of the same exact name from the same address. */
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
