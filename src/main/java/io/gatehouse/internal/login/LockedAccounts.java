package io.gatehouse.internal.login;

import io.gatehouse.internal.ratelimit.BlockedClients;
import io.gatehouse.internal.ratelimit.SecurityEvents;
import io.gatehouse.login.AccountLockedEvent;
import io.gatehouse.login.LoginAttackEvent;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginListener;
import java.time.Duration;

/**
 * Lists locked accounts among the blocked clients, from the first refused attempt on, and publishes events of lockouts and attacks.
 * Thread-safe.
 */
record LockedAccounts(BlockedClients blocked) implements LoginListener {
    @Override
    public void lockedOut(String account, LoginDecision.Denied refusal) {
        if (refusal.reason() == LoginDecision.Reason.LOCKED) {
            blocked.noteAccount(account, refusal.retryAfter());
            events().publish(
                            "locked " + account,
                            refusal.retryAfter(),
                            () -> new AccountLockedEvent(account, refusal.retryAfter()));
        }
    }

    @Override
    public void spraying(String address, Duration refusedFor) {
        events().publish(
                        "from " + address,
                        refusedFor,
                        () -> new LoginAttackEvent(LoginAttackEvent.Kind.FROM_ADDRESS, address));
    }

    @Override
    public void underAttack(String account) {
        events().publish(
                        "on " + account,
                        Duration.ZERO,
                        () -> new LoginAttackEvent(LoginAttackEvent.Kind.ON_ACCOUNT, account));
    }

    private SecurityEvents events() {
        return blocked.events();
    }
}
