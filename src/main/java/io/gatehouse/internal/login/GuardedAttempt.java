package io.gatehouse.internal.login;

import io.gatehouse.login.LoginAttempt;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An admitted attempt, whose outcome is reported once: the first call of {@link #succeeded}, {@link #failed}, {@link #abandoned} and
 * {@link #withdrawn} counts. Thread-safe.
 */
public final class GuardedAttempt implements LoginAttempt {
    private final byte @Nullable [] account;
    private final Completion completion;
    private final AtomicBoolean completed = new AtomicBoolean();
    private volatile @Nullable String cookie;

    /** The action that records the outcome of an attempt. */
    @FunctionalInterface
    interface Completion {
        /** Records the outcome; returns the device cookie to set, or null if no cookie is to be set. */
        @Nullable
        String complete(LoginOutcome outcome);
    }

    /**
     * Creates an attempt.
     *
     * @param account the folded name of the account, or null if the request named none
     */
    GuardedAttempt(byte @Nullable [] account, Completion completion) {
        this.account = account == null ? null : account.clone();
        this.completion = completion;
    }

    /**
     * Returns whether a user is the account of this attempt, in any spelling. An attempt that named no account is an attempt at every
     * account.
     */
    public boolean isFor(String user) {
        return account == null || Arrays.equals(account, AccountName.fold(user));
    }

    @Override
    public @Nullable String succeeded() {
        if (completed.compareAndSet(false, true)) {
            cookie = completion.complete(LoginOutcome.SUCCEEDED);
        }
        return cookie;
    }

    @Override
    public void failed() {
        complete(LoginOutcome.FAILED);
    }

    @Override
    public void abandoned() {
        complete(LoginOutcome.ABANDONED);
    }

    /** Records that the attempt did not reach the application, so that it does not count. One round trip. */
    public void withdrawn() {
        complete(LoginOutcome.WITHDRAWN);
    }

    private void complete(LoginOutcome outcome) {
        if (completed.compareAndSet(false, true)) {
            @Nullable String unused = completion.complete(outcome);
        }
    }
}
