package io.gatehouse.ratelimit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to log in that may be looked at. The first of {@link #succeeded}, {@link #failed} and {@link #abandoned} counts, the
 * others do nothing; without any of them it stays a failure. None of them throws because Redis is away. Safe for use by several
 * threads.
 */
public final class LoginAttempt {
    private final Settling settling;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable String cookie;

    /** What is done when the outcome is known. */
    @FunctionalInterface
    interface Settling {
        /** Tells the outcome; gives the device cookie to set, if there is one. */
        @Nullable
        String settle(LoginOutcome outcome);
    }

    LoginAttempt(Settling settling) {
        this.settling = settling;
    }

    /**
     * The password was right: the account's failures from this address are forgotten. One round trip.
     *
     * @return the value of the device cookie to set, or null if the one presented is still good
     */
    public @Nullable String succeeded() {
        if (settled.compareAndSet(false, true)) {
            cookie = settling.settle(LoginOutcome.SUCCEEDED);
        }
        return cookie;
    }

    /** The password was wrong, or there is no such account. One round trip. */
    public void failed() {
        if (settled.compareAndSet(false, true)) {
            settling.settle(LoginOutcome.FAILED);
        }
    }

    /** Nobody looked at the password: as if there had been no attempt. One round trip. */
    public void abandoned() {
        if (settled.compareAndSet(false, true)) {
            settling.settle(LoginOutcome.ABANDONED);
        }
    }
}
