package io.gatehouse.ratelimit;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Failed log-ins as this node alone knows them: what counts while Redis is away, and which addresses are refused, so that these
 * need not be asked about again. Keeps what was used last of a bounded number. Safe for use by several threads.
 */
final class LocalLogins {
    static final int MOST_KEPT = 10_000;

    private final Map<String, Lane> lanes = new Recent<>();
    private final Map<String, Window> windows = new Recent<>();
    private final LockOut lockOut;
    private final int sprayLimit;
    private final InstantSource clock;

    LocalLogins(LockOut lockOut, int sprayLimit, InstantSource clock) {
        this.lockOut = lockOut;
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

    /** Lets an attempt pass, or returns for how many milliseconds it may not; {@link Lane#BUSY} if only attempts under way refuse it. */
    synchronized long enter(LoginTry attempt) {
        return lane(attempt).enter(lockOut, attempt, clock.millis());
    }

    synchronized void settle(LoginTry attempt, LoginOutcome outcome) {
        Lane lane = lane(attempt);
        switch (outcome) {
            case WITHDRAWN -> lane.withdraw(attempt);
            case ABANDONED -> lane.abandon(attempt, clock.millis());
            case FAILED -> lane.fail(attempt, clock.millis());
            case SUCCEEDED -> {
                lane.withdraw(attempt);
                if (!attempt.address().isEmpty()) {
                    lane.forgive(attempt, clock.millis());
                    unknown(attempt.account()).forgive(attempt, clock.millis());
                }
            }
        }
    }

    /** Notes that the account failed from the address; says whether this made them too many. */
    synchronized boolean note(LoginTry attempt) {
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
        lanes.keySet().removeIf(name -> name.startsWith(account));
    }

    private Lane lane(LoginTry attempt) {
        return attempt.isUnknown()
                ? unknown(attempt.account())
                : lanes.computeIfAbsent(attempt.account() + '.' + attempt.deviceId(), any -> new Lane());
    }

    private Lane unknown(String account) {
        return lanes.computeIfAbsent(account, any -> new Lane());
    }

    private static long window() {
        return LoginSettings.SPRAY_WINDOW.toMillis();
    }
}
