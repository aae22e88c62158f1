package io.gatehouse.ratelimit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts each {@link LoginEvent} of this node, and notifies the observer of attacks. Thread-safe. */
final class LoginReports {
    private static final System.Logger LOG = System.getLogger(LoginReports.class.getName());

    private final Map<LoginEvent, LongAdder> counts = new EnumMap<>(LoginEvent.class);
    private final LoginObserver observer;

    LoginReports(LoginObserver observer) {
        this.observer = observer;
        for (LoginEvent event : LoginEvent.values()) {
            counts.put(event, new LongAdder());
        }
    }

    long of(LoginEvent event) {
        return adder(event).sum();
    }

    void count(LoginEvent event) {
        adder(event).increment();
    }

    void count(LoginOutcome outcome) {
        count(
                switch (outcome) {
                    case SUCCEEDED -> LoginEvent.SUCCEEDED;
                    case FAILED -> LoginEvent.FAILED;
                    case ABANDONED -> LoginEvent.ABANDONED;
                    case WITHDRAWN -> LoginEvent.WITHDRAWN;
                });
    }

    /** Lets an attempt pass whose outcome will be counted. */
    LoginEntry admit(byte @Nullable [] account, LoginAttempt.Settling settling) {
        count(LoginEvent.ADMITTED);
        return new LoginEntry.Admitted(new LoginAttempt(account, outcome -> {
            String device = settling.settle(outcome);
            count(outcome);
            return device;
        }));
    }

    LoginEntry refuse(LoginTry attempt, long millis, LoginEntry.Reason reason) {
        return refused(attempt.account(), new LoginEntry.LockedOut(Duration.ofMillis(millis), reason));
    }

    LoginEntry refused(String account, LoginEntry.LockedOut refusal) {
        count(
                switch (refusal.reason()) {
                    case LOCKED -> LoginEvent.LOCKED;
                    case BUSY -> LoginEvent.BUSY;
                    case SPRAYING -> LoginEvent.SPRAYING;
                    case UNAVAILABLE -> LoginEvent.UNAVAILABLE;
                });
        guarded(() -> observer.lockedOut(account, refusal));
        return refusal;
    }

    void spraying(@Nullable ClientAddress address, Duration refusedFor) {
        if (address != null) {
            LOG.log(System.Logger.Level.WARNING, "logins to many accounts fail from {0}", address.ip());
            guarded(() -> observer.spraying(address.toString(), refusedFor));
        }
    }

    void underAttack(String account) {
        count(LoginEvent.UNDER_ATTACK);
        LOG.log(System.Logger.Level.WARNING, "logins to account {0} fail from many networks", account);
        guarded(() -> observer.underAttack(account));
    }

    private static void guarded(Runnable notification) {
        try {
            notification.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a login observer failed", e);
        }
    }

    private LongAdder adder(LoginEvent event) {
        LongAdder adder = counts.get(event);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + event);
        }
        return adder;
    }
}
