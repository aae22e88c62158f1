package io.gatehouse.internal.login;

import io.gatehouse.login.LoginAttempt;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An attempt whose outcome is reported once: the first of {@link #succeeded}, {@link #failed}, {@link #abandoned} and {@link
 * #withdrawn} counts. Thread-safe.
 */
public final class GuardedAttempt implements LoginAttempt {
    private final byte @Nullable [] account;
    private final Settling settling;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable String cookie;

    /** What is done when the outcome is known. */
    @FunctionalInterface
    interface Settling {
        /** Notes the outcome; returns the device cookie to set, or null if there is none. */
        @Nullable
        String settle(LoginOutcome outcome);
    }

    /** @param account the folded name of the account, or null if the request named none */
    GuardedAttempt(byte @Nullable [] account, Settling settling) {
        this.account = account == null ? null : account.clone();
        this.settling = settling;
    }

    /**
     * Returns whether a user is the account that was typed, in whatever spelling. A request that named no account is an attempt
     * at every one.
     */
    public boolean isFor(String user) {
        return account == null || Arrays.equals(account, AccountName.fold(user));
    }

    @Override
    public @Nullable String succeeded() {
        if (settled.compareAndSet(false, true)) {
            cookie = settling.settle(LoginOutcome.SUCCEEDED);
        }
        return cookie;
    }

    @Override
    public void failed() {
        settle(LoginOutcome.FAILED);
    }

    @Override
    public void abandoned() {
        settle(LoginOutcome.ABANDONED);
    }

    /** The application does not get to see the attempt: as if there had been none. One round trip. */
    public void withdrawn() {
        settle(LoginOutcome.WITHDRAWN);
    }

    private void settle(LoginOutcome outcome) {
        if (settled.compareAndSet(false, true)) {
            @Nullable String unused = settling.settle(outcome);
        }
    }
}
