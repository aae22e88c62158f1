package io.gatehouse.internal.login;

import io.gatehouse.internal.ratelimit.BlockedClients;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginListener;

/** Lists locked accounts among the blocked clients, from the first refused attempt on. Thread-safe. */
record LockedAccounts(BlockedClients blocked) implements LoginListener {
    @Override
    public void lockedOut(String account, LoginDecision.Denied refusal) {
        if (refusal.reason() == LoginDecision.Reason.LOCKED) {
            blocked.noteAccount(account, refusal.retryAfter());
        }
    }
}
