package io.gatehouse.internal.login;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Failed log-ins as this node alone knows them: what counts while Redis is away, and which addresses are refused, so that these
 * need not be asked about again. Keeps what was used last of a bounded number. Safe for use by several threads.
 */
final class LocalFailureStore {
    static final int MOST_KEPT = 10_000;

    private final Map<String, FailureHistory> failureHistories = new Recent<>();
    private final Map<String, Window> windows = new Recent<>();
    private final LockoutPolicy lockoutPolicy;
    private final int sprayLimit;
    private final InstantSource clock;

    LocalFailureStore(LockoutPolicy lockoutPolicy, int sprayLimit, InstantSource clock) {
        this.lockoutPolicy = lockoutPolicy;
        this.sprayLimit = sprayLimit;
        this.clock = clock;
    }

    /** The accounts that failed from one address until a time. */
    private record Window(long until, Set<String> accounts, boolean refused) {}

    private static final class Recent<T> extends LinkedHashMap<String, T> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > MOST_KEPT;
        }
    }

    /** Lets an attempt pass, or returns for how many milliseconds it may not; {@link FailureHistory#BUSY} if only attempts under way refuse it. */
    synchronized long enter(AttemptContext attempt) {
        return lane(attempt).enter(lockoutPolicy, attempt, clock.millis());
    }

    synchronized void settle(AttemptContext attempt, LoginOutcome outcome) {
        FailureHistory failureHistory = lane(attempt);
        switch (outcome) {
            case WITHDRAWN -> failureHistory.withdraw(attempt);
            case ABANDONED -> failureHistory.abandon(attempt, clock.millis());
            case FAILED -> failureHistory.fail(attempt, clock.millis());
            case SUCCEEDED -> {
                failureHistory.withdraw(attempt);
                if (!attempt.address().isEmpty()) {
                    failureHistory.forgive(attempt, clock.millis());
                    unknown(attempt.account()).forgive(attempt, clock.millis());
                }
            }
        }
    }

    /** Notes that the account failed from the address; says whether this made them too many. */
    synchronized boolean note(AttemptContext attempt) {
        boolean before = refusedMillis(attempt.address()) > 0;
        Window window = windows.computeIfAbsent(
                attempt.address(), any -> new Window(clock.millis() + window(), new HashSet<>(), false));
        if (!window.refused() && window.accounts().size() <= sprayLimit) {
            window.accounts().add(attempt.account());
        }
        return !before && refusedMillis(attempt.address()) > 0;
    }

    /** Refuses an address for some time. */
    synchronized void refuse(String address, long millis) {
        windows.put(address, new Window(clock.millis() + millis, Set.of(), true));
    }

    /** How long an address is refused; 0 if it is not. */
    synchronized long refusedMillis(String address) {
        Window window = windows.get(address);
        if (window == null) {
            return 0;
        }
        long left = window.until() - clock.millis();
        if (left <= 0 || left > window()) { // over, or the clock stepped back
            windows.remove(address);
            return 0;
        }
        return window.refused() || window.accounts().size() > sprayLimit ? left : 0;
    }

    synchronized void reset(String account) {
        failureHistories.keySet().removeIf(name -> name.startsWith(account));
    }

    private FailureHistory lane(AttemptContext attempt) {
        return attempt.isUnknown()
                ? unknown(attempt.account())
                : failureHistories.computeIfAbsent(
                        attempt.account() + '.' + attempt.deviceId(), any -> new FailureHistory());
    }

    private FailureHistory unknown(String account) {
        return failureHistories.computeIfAbsent(account, any -> new FailureHistory());
    }

    private static long window() {
        return LoginSettings.SPRAY_WINDOW.toMillis();
    }
}
