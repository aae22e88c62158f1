package io.gatehouse.internal.login;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The failed logins that this node knows: the failure histories that count while Redis is unavailable, and the addresses that Redis refuses,
 * so that their attempts are refused without a call to Redis. Bounded; evicts the least recently used entries. Thread-safe.
 */
final class LocalFailureStore {
    static final int MOST_KEPT = 10_000;

    private final Map<String, FailureHistory> histories = new LruMap<>();
    private final Map<String, Window> windows = new LruMap<>();
    private final LockoutPolicy lockoutPolicy;
    private final int sprayLimit;
    private final InstantSource clock;

    LocalFailureStore(LockoutPolicy lockoutPolicy, int sprayLimit, InstantSource clock) {
        this.lockoutPolicy = lockoutPolicy;
        this.sprayLimit = sprayLimit;
        this.clock = clock;
    }

    /**
     * The accounts that failed from one address within a window.
     *
     * @param until the end of the window in milliseconds since 1970
     * @param refused whether Redis refuses the address, whatever this node has counted
     */
    private record Window(long until, Set<String> accounts, boolean refused) {}

    private static final class LruMap<T> extends LinkedHashMap<String, T> {
        private static final long serialVersionUID = 1L;

        LruMap() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > MOST_KEPT;
        }
    }

    /**
     * Admits an attempt and returns 0, or returns for how many milliseconds it is locked out; {@link FailureHistory#BUSY} if only attempts in
     * progress refuse it.
     */
    synchronized long begin(AttemptContext attempt) {
        return history(attempt).begin(lockoutPolicy, attempt, clock.millis());
    }

    synchronized void complete(AttemptContext attempt, LoginOutcome outcome) {
        FailureHistory history = history(attempt);
        switch (outcome) {
            case WITHDRAWN -> history.withdraw(attempt);
            case ABANDONED -> history.abandon(attempt, clock.millis());
            case FAILED -> history.fail(attempt, clock.millis());
            case SUCCEEDED -> {
                history.withdraw(attempt);
                if (!attempt.address().isEmpty()) {
                    history.forgive(attempt, clock.millis());
                    unknown(attempt.account()).forgive(attempt, clock.millis());
                }
            }
        }
    }

    /** Records that the account failed from the address; returns whether this failure is the one that refuses the address. */
    synchronized boolean recordFailure(AttemptContext attempt) {
        boolean before = refusedMillis(attempt.address()) > 0;
        Window window = windows.computeIfAbsent(
                attempt.address(), any -> new Window(clock.millis() + window(), new HashSet<>(), false));
        if (!window.refused() && window.accounts().size() <= sprayLimit) {
            window.accounts().add(attempt.account());
        }
        return !before && refusedMillis(attempt.address()) > 0;
    }

    /** Refuses an address for a time. */
    synchronized void refuse(String address, long millis) {
        windows.put(address, new Window(clock.millis() + millis, Set.of(), true));
    }

    /** Returns for how many milliseconds an address is refused; 0 if it is not. */
    synchronized long refusedMillis(String address) {
        Window window = windows.get(address);
        if (window == null) {
            return 0;
        }
        long left = window.until() - clock.millis();
        if (left <= 0 || left > window()) { // expired, or the clock stepped back
            windows.remove(address);
            return 0;
        }
        return window.refused() || window.accounts().size() > sprayLimit ? left : 0;
    }

    synchronized void reset(String account) {
        histories.keySet().removeIf(name -> name.startsWith(account));
    }

    private FailureHistory history(AttemptContext attempt) {
        return attempt.isUnknown()
                ? unknown(attempt.account())
                : histories.computeIfAbsent(attempt.account() + '.' + attempt.deviceId(), any -> new FailureHistory());
    }

    private FailureHistory unknown(String account) {
        return histories.computeIfAbsent(account, any -> new FailureHistory());
    }

    private static long window() {
        return LoginSettings.SPRAY_WINDOW.toMillis();
    }
}
