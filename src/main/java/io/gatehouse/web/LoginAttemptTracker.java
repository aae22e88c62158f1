package io.gatehouse.web;

import io.gatehouse.ratelimit.ClientAddress;
import io.gatehouse.ratelimit.LoginAttempt;
import io.gatehouse.ratelimit.LoginEntry;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.redis.Flight;
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
 * The attempts to log in of one request, one for each account that it names: asked about together with the limits, settled by what
 * becomes of the request. An attempt has succeeded if this very request has logged in the account that was typed, or if the
 * application says so; anything else has failed. Thread-safe.
 */
final class LoginAttemptTracker {
    private final LoginGuard guard;
    private final SessionCookie cookie;
    private final Duration deviceLifetime;
    private final HttpServletRequest request;
    /** Users that the application says are the ones who were typed. */
    private final Set<String> confirmed = new CopyOnWriteArraySet<>();

    private final Set<LoginAttempt> announced = new CopyOnWriteArraySet<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile List<Entered> entered = List.of();

    /** An attempt whose answer is in a flight. */
    private record Asked(@Nullable String account, Supplier<LoginEntry> answer) {}

    /**
     * An attempt with its answer.
     *
     * @param account what was typed, or null if nothing was
     * @param byApplication whether the application has asked
     */
    private record Entered(@Nullable String account, LoginEntry entry, boolean byApplication) {
        @Nullable
        LoginAttempt attempt() {
            return entry instanceof LoginEntry.Admitted admitted ? admitted.attempt() : null;
        }
    }

    LoginAttemptTracker(LoginGuard guard, SessionCookie cookie, Duration deviceLifetime, HttpServletRequest request) {
        this.guard = guard;
        this.cookie = cookie;
        this.deviceLifetime = deviceLifetime;
        this.request = request;
    }

    /** Puts the questions about what is typed into a flight. */
    void ask(TypedAccounts typed, ClientAddress address, Flight flight) {
        asked.clear();
        entered = List.of();
        for (String account : typed.accounts()) {
            asked.add(new Asked(account, guard.enter(account, address, deviceValue(), flight)));
        }
        if (typed.accounts().isEmpty() && typed.unnamed()) {
            asked.add(new Asked(null, guard.enterUnnamed(address, flight)));
        }
    }

    /** Asks by itself, for an application that has found the account in a way of its own; it replaces what was typed in a form. */
    LoginEntry enter(String account, ClientAddress address) {
        for (Entered before : entered()) {
            LoginAttempt attempt = before.attempt();
            if (attempt != null && before.byApplication()) {
                attempt.failed(); // the application has looked at it and asks about the next one
            } else if (attempt != null) {
                attempt.abandoned();
            }
        }
        asked.clear();
        LoginEntry entry = guard.enter(account, address, deviceValue());
        entered = List.of(new Entered(account, entry, true));
        return entry;
    }

    private @Nullable String deviceValue() {
        return cookie.deviceValues(request).stream().findFirst().orElse(null);
    }

    /** The attempts with their answers, once the flight was sent. */
    private List<Entered> entered() {
        if (entered.isEmpty() && !asked.isEmpty()) {
            List<Entered> answers = new ArrayList<>();
            for (Asked question : asked) {
                answers.add(new Entered(question.account(), question.answer().get(), false));
            }
            asked.clear();
            entered = List.copyOf(answers);
        }
        return entered;
    }

    /** The refusal with the longest wait, or null if none of the attempts is refused. */
    LoginEntry.@Nullable LockedOut refusal() {
        return entered().stream()
                .filter(one -> one.entry() instanceof LoginEntry.LockedOut)
                .map(one -> (LoginEntry.LockedOut) one.entry())
                .max(Comparator.comparing((LoginEntry.LockedOut refusal) -> !LoginGuard.isBusy(refusal))
                        .thenComparing(LoginEntry.LockedOut::retryAfter))
                .orElse(null);
    }

    /** Whether it is refused only because attempts under way hold the places. */
    boolean isBusy() {
        LoginEntry.LockedOut refusal = refusal();
        return refusal != null && LoginGuard.isBusy(refusal);
    }

    /** What identifies the counters whose places it waits for. */
    List<String> busyCounters() {
        return entered().stream()
                .filter(one -> one.account() != null && LoginGuard.isBusy(one.entry()))
                .map(one -> guard.counter(String.valueOf(one.account())))
                .toList();
    }

    /** It does not wait any longer for a place. */
    void giveUp() {
        for (Entered one : entered()) {
            if (one.account() != null) {
                LoginEntry unused = guard.giveUp(one.account(), one.entry());
            }
        }
    }

    boolean isUnderWay() {
        return !attempts().isEmpty();
    }

    private List<LoginAttempt> attempts() {
        List<LoginAttempt> attempts = new ArrayList<>();
        for (Entered one : entered()) {
            LoginAttempt attempt = one.attempt();
            if (attempt != null) {
                attempts.add(attempt);
            }
        }
        return attempts;
    }

    /** The application says that the account that was typed is logged in. */
    void confirm(String account) {
        confirmed.add(account);
    }

    /**
     * Settles as successes the attempts at users who are logged in now; their browser gets a device cookie, if the answer has not left.
     *
     * @param users whom this very request has logged in
     */
    void succeeded(Collection<String> users, HttpServletResponse response) {
        for (LoginAttempt attempt : attempts()) {
            if (confirmed.stream().anyMatch(attempt::isFor) || users.stream().anyMatch(attempt::isFor)) {
                String device = attempt.succeeded();
                if (announced.add(attempt) && device != null && !response.isCommitted()) {
                    response.addCookie(cookie.device(device, deviceLifetime, request));
                }
            }
        }
    }

    /** The application has not seen the request. */
    void withdraw() {
        attempts().forEach(LoginAttempt::withdrawn);
    }

    /** We have answered in place of the application, because Redis does not reply. */
    void abandon() {
        attempts().forEach(LoginAttempt::abandoned);
    }

    /** The request has ended: what has not succeeded by now has failed. */
    void settle() {
        attempts().forEach(LoginAttempt::failed);
    }
}
