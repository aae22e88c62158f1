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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    private volatile Set<String> confirmed = Set.of();

    private volatile Set<GuardedAttempt> completed = Set.of();
    private volatile List<PendingAttempt> asked = List.of();
    private volatile List<CheckedAttempt> entered = List.of();
    private volatile boolean inHeader;

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
    void addChecks(TypedAccounts typed, ClientOrigin origin, Pipeline pipeline) {
        asked = List.of();
        entered = List.of();
        if (typed.isNone()) {
            return;
        }
        inHeader = typed.inHeader();
        ClientAddress address = origin.address();
        List<PendingAttempt> pending = new ArrayList<>();
        for (String account : typed.accounts()) {
            pending.add(new PendingAttempt(account, guard.begin(account, address, deviceValue(), pipeline)));
        }
        if (typed.accounts().isEmpty() && typed.unnamed()) {
            pending.add(new PendingAttempt(null, guard.beginUnnamed(address, pipeline)));
        }
        asked = List.copyOf(pending);
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
        asked = List.of();
        LoginDecision entry = guard.begin(account, address, deviceValue());
        entered = List.of(new CheckedAttempt(account, entry, true));
        return entry;
    }

    private @Nullable String deviceValue() {
        return cookie.deviceValues(request).stream().findFirst().orElse(null);
    }

    /** Returns the attempts with the results of their checks, after the pipeline was sent. */
    private List<CheckedAttempt> entered() {
        List<PendingAttempt> pending = asked;
        if (entered.isEmpty() && !pending.isEmpty()) {
            List<CheckedAttempt> answers = new ArrayList<>();
            for (PendingAttempt question : pending) {
                answers.add(
                        new CheckedAttempt(question.account(), question.answer().get(), false));
            }
            entered = List.copyOf(answers);
            asked = List.of();
        }
        return entered;
    }

    /** Returns the refusal with the longest wait, or null if all attempts are allowed. */
    LoginDecision.@Nullable Denied refusal() {
        List<CheckedAttempt> all = entered();
        return all.isEmpty() ? null : refusal(all);
    }

    private static LoginDecision.@Nullable Denied refusal(List<CheckedAttempt> all) {
        return all.stream()
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

    /** Returns whether the attempts are in a header that clients send with every request. */
    boolean isInHeader() {
        return inHeader;
    }

    boolean isUnderWay() {
        return !attempts().isEmpty();
    }

    private List<GuardedAttempt> attempts() {
        List<CheckedAttempt> all = entered();
        if (all.isEmpty()) {
            return List.of();
        }
        List<GuardedAttempt> attempts = new ArrayList<>();
        for (CheckedAttempt one : all) {
            GuardedAttempt attempt = one.attempt();
            if (attempt != null) {
                attempts.add(attempt);
            }
        }
        return attempts;
    }

    /** Called when the application confirms that the typed account is logged in. */
    synchronized void confirm(String account) {
        confirmed = with(confirmed, account);
    }

    /** Returns whether this is the first call with an attempt. */
    private synchronized boolean complete(GuardedAttempt attempt) {
        boolean first = !completed.contains(attempt);
        completed = with(completed, attempt);
        return first;
    }

    private static <T> Set<T> with(Set<T> known, T more) {
        Set<T> all = new LinkedHashSet<>(known);
        all.add(more);
        return all;
    }

    /**
     * Completes the attempts of users that are logged in as successes. Their browsers get a device cookie, unless the response is
     * committed. A client that sends credentials in a header and keeps no cookies, as far as is known, gets none: it would get another one
     * with each request.
     *
     * @param users the users that this request has logged in
     * @param hasSession whether there is a session, whose cookie the client needs
     */
    void succeeded(Collection<String> users, boolean hasSession, HttpServletResponse response) {
        boolean keepsCookies = !inHeader || hasSession || request.getHeader("Cookie") != null;
        for (GuardedAttempt attempt : attempts()) {
            if (confirmed.stream().anyMatch(attempt::isFor) || users.stream().anyMatch(attempt::isFor)) {
                String device = attempt.succeeded();
                if (complete(attempt) && device != null && keepsCookies && !response.isCommitted()) {
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

    /** Ends the request with the status of its response: attempts that have not succeeded have failed. */
    void settle(int status) {
        boolean unverified = inHeader && status != HttpServletResponse.SC_UNAUTHORIZED;
        attempts().forEach(unverified ? GuardedAttempt::withdrawn : GuardedAttempt::failed);
    }
}
