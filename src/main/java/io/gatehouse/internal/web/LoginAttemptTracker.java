package io.gatehouse.internal.web;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.login.GuardedAttempt;
import io.gatehouse.internal.login.LoginEngine;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.login.LoginDecision;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the login attempts of one request, one for each account that it names. {@link #addChecks} adds a check of each
 * attempt to the pipeline of the rate limits. An attempt succeeds if this request logs in the account that was typed, or if the
 * application confirms it. Any other attempt has failed when the request ends. Thread-safe.
 */
final class LoginAttemptTracker {
    private final LoginEngine guard;
    private final SessionCookie cookie;
    private final Duration deviceLifetime;
    private final HttpServletRequest request;
    /** The accounts whose login the application has confirmed. */
    private final Set<String> confirmed = new CopyOnWriteArraySet<>();

    private final Set<GuardedAttempt> completed = new CopyOnWriteArraySet<>();
    private final List<PendingAttempt> asked = new CopyOnWriteArrayList<>();
    private volatile List<CheckedAttempt> entered = List.of();

    /** An attempt whose check is still in the pipeline. */
    private record PendingAttempt(@Nullable String account, Supplier<LoginDecision> answer) {}

    /**
     * An attempt with the result of its check.
     *
     * @param account the typed account, or null if there was none
     * @param byApplication whether the application has started the attempt
     */
    private record CheckedAttempt(@Nullable String account, LoginDecision entry, boolean byApplication) {
        @Nullable
        GuardedAttempt attempt() {
            return entry instanceof LoginDecision.Allowed allowed && allowed.attempt() instanceof GuardedAttempt attempt
                    ? attempt
                    : null;
        }
    }

    LoginAttemptTracker(LoginEngine guard, SessionCookie cookie, Duration deviceLifetime, HttpServletRequest request) {
        this.guard = guard;
        this.cookie = cookie;
        this.deviceLifetime = deviceLifetime;
        this.request = request;
    }

    /** Adds the checks of the typed accounts to a pipeline. */
    void addChecks(TypedAccounts typed, ClientAddress address, Pipeline pipeline) {
        asked.clear();
        entered = List.of();
        for (String account : typed.accounts()) {
            asked.add(new PendingAttempt(account, guard.begin(account, address, deviceValue(), pipeline)));
        }
        if (typed.accounts().isEmpty() && typed.unnamed()) {
            asked.add(new PendingAttempt(null, guard.beginUnnamed(address, pipeline)));
        }
    }

    /** Starts an attempt for an account supplied by the application, abandoning any earlier attempt of this request. */
    LoginDecision enter(String account, ClientAddress address) {
        for (CheckedAttempt before : entered()) {
            GuardedAttempt attempt = before.attempt();
            if (attempt != null && before.byApplication()) {
                attempt.failed(); // the application has verified it, and starts the next one
            } else if (attempt != null) {
                attempt.abandoned();
            }
        }
        asked.clear();
        LoginDecision entry = guard.begin(account, address, deviceValue());
        entered = List.of(new CheckedAttempt(account, entry, true));
        return entry;
    }

    private @Nullable String deviceValue() {
        return cookie.deviceValues(request).stream().findFirst().orElse(null);
    }

    /** Returns the attempts with the results of their checks, after the pipeline was sent. */
    private List<CheckedAttempt> entered() {
        if (entered.isEmpty() && !asked.isEmpty()) {
            List<CheckedAttempt> answers = new ArrayList<>();
            for (PendingAttempt question : asked) {
                answers.add(
                        new CheckedAttempt(question.account(), question.answer().get(), false));
            }
            asked.clear();
            entered = List.copyOf(answers);
        }
        return entered;
    }

    /** Returns the refusal with the longest wait, or null if all attempts are allowed. */
    LoginDecision.@Nullable Denied refusal() {
        return entered().stream()
                .filter(one -> one.entry() instanceof LoginDecision.Denied)
                .map(one -> (LoginDecision.Denied) one.entry())
                .max(Comparator.comparing((LoginDecision.Denied refusal) -> !LoginEngine.isBusy(refusal))
                        .thenComparing(LoginDecision.Denied::retryAfter))
                .orElse(null);
    }

    /** Returns whether the attempts are refused only because concurrent attempts hold all places. */
    boolean isBusy() {
        LoginDecision.Denied refusal = refusal();
        return refusal != null && LoginEngine.isBusy(refusal);
    }

    /** Returns the counters whose places the request waits for. */
    List<String> busyCounters() {
        return entered().stream()
                .filter(one -> one.account() != null && LoginEngine.isBusy(one.entry()))
                .map(one -> guard.counter(String.valueOf(one.account())))
                .toList();
    }

    /** Stops waiting for a place. */
    void giveUp() {
        for (CheckedAttempt one : entered()) {
            if (one.account() != null) {
                LoginDecision unused = guard.giveUp(one.account(), one.entry());
            }
        }
    }

    boolean isUnderWay() {
        return !attempts().isEmpty();
    }

    private List<GuardedAttempt> attempts() {
        List<GuardedAttempt> attempts = new ArrayList<>();
        for (CheckedAttempt one : entered()) {
            GuardedAttempt attempt = one.attempt();
            if (attempt != null) {
                attempts.add(attempt);
            }
        }
        return attempts;
    }

    /** Called when the application confirms that the typed account is logged in. */
    void confirm(String account) {
        confirmed.add(account);
    }

    /**
     * Completes the attempts of users that are logged in as successes. Their browsers get a device cookie, unless the response is
     * committed.
     *
     * @param users the users that this request has logged in
     */
    void succeeded(Collection<String> users, HttpServletResponse response) {
        for (GuardedAttempt attempt : attempts()) {
            if (confirmed.stream().anyMatch(attempt::isFor) || users.stream().anyMatch(attempt::isFor)) {
                String device = attempt.succeeded();
                if (completed.add(attempt) && device != null && !response.isCommitted()) {
                    response.addCookie(cookie.device(device, deviceLifetime, request));
                }
            }
        }
    }

    /** Withdraws the attempts, because the application has not seen the request. */
    void withdraw() {
        attempts().forEach(GuardedAttempt::withdrawn);
    }

    /** Abandons the attempts, because Gatehouse has answered in place of the application. */
    void abandon() {
        attempts().forEach(GuardedAttempt::abandoned);
    }

    /** Ends the request: attempts that have not succeeded have failed. */
    void settle() {
        attempts().forEach(GuardedAttempt::failed);
    }
}
