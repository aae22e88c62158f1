package io.gatehouse.internal.login;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginListener;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts each {@link LoginEvent} of this node and notifies the listeners. Thread-safe. */
final class LoginMetrics {
    private static final System.Logger LOG = System.getLogger(LoginMetrics.class.getName());

    private final Map<LoginEvent, LongAdder> counts = new EnumMap<>(LoginEvent.class);
    private final List<LoginListener> listeners = new CopyOnWriteArrayList<>();

    LoginMetrics(LoginListener observer) {
        listeners.add(observer);
        for (LoginEvent event : LoginEvent.values()) {
            counts.put(event, new LongAdder());
        }
    }

    void add(LoginListener listener) {
        listeners.add(listener);
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

    /** Allows an attempt and counts its outcome later. */
    LoginDecision admit(byte @Nullable [] account, GuardedAttempt.Completion completion) {
        count(LoginEvent.ADMITTED);
        return new LoginDecision.Allowed(new GuardedAttempt(account, outcome -> {
            String device = completion.complete(outcome);
            count(outcome);
            return device;
        }));
    }

    LoginDecision refuse(AttemptContext attempt, long millis, LoginDecision.Reason reason) {
        return refused(attempt.account(), new LoginDecision.Denied(Duration.ofMillis(millis), reason));
    }

    LoginDecision refused(String account, LoginDecision.Denied refusal) {
        count(
                switch (refusal.reason()) {
                    case LOCKED -> LoginEvent.LOCKED;
                    case BUSY -> LoginEvent.BUSY;
                    case SPRAYING -> LoginEvent.SPRAYING;
                    case UNAVAILABLE -> LoginEvent.UNAVAILABLE;
                });
        guarded(listener -> listener.lockedOut(account, refusal));
        return refusal;
    }

    void spraying(@Nullable ClientAddress address, Duration refusedFor) {
        if (address != null) {
            LOG.log(System.Logger.Level.WARNING, "logins to many accounts fail from {0}", address.ip());
            guarded(listener -> listener.spraying(address.ip(), refusedFor));
        }
    }

    void underAttack(String account) {
        count(LoginEvent.UNDER_ATTACK);
        LOG.log(System.Logger.Level.WARNING, "logins to account {0} fail from many networks", account);
        guarded(listener -> listener.underAttack(account));
    }

    private void guarded(Consumer<LoginListener> notification) {
        for (LoginListener listener : listeners) {
            try {
                notification.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a login listener threw an exception", e);
            }
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
