package io.gatehouse.internal.oidc;

/** A logout token that is not accepted. It carries the reason only, never a part of the token. */
final class LogoutRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final LogoutOutcome outcome;

    LogoutRefusedException(LogoutOutcome outcome) {
        super(outcome.label(), null, false, false);
        this.outcome = outcome;
    }

    LogoutOutcome outcome() {
        return outcome;
    }
}
