package io.gatehouse.ratelimit;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to log in that may be looked at. The first of {@link #succeeded}, {@link #failed}, {@link #abandoned} and {@link
 * #withdrawn} counts, the others do nothing; without any of them it stays a failure. None of them throws because Redis does not
 * answer. Thread-safe.
 */
public final class LoginAttempt {
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
    LoginAttempt(byte @Nullable [] account, Settling settling) {
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

    /**
     * The password was right: the account's failures from this address are forgotten, as far as they were typed with the same
     * spelling. One round trip.
     *
     * @return the value of the device cookie to set, or null if there is none to set
     */
    public @Nullable String succeeded() {
        if (settled.compareAndSet(false, true)) {
            cookie = settling.settle(LoginOutcome.SUCCEEDED);
        }
        return cookie;
    }

    /** The password was wrong, or there is no such account. One round trip. */
    public void failed() {
        settle(LoginOutcome.FAILED);
    }

    /**
     * The application could not decide, for example because its user database does not answer: as if there had been no attempt. Of
     * one account's attempts only 20 can be abandoned in ten minutes; further ones have failed. One round trip.
     */
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
