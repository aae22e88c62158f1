package io.gatehouse.web;

import io.gatehouse.ratelimit.ClientAddress;
import io.gatehouse.ratelimit.LoginAttempt;
import io.gatehouse.ratelimit.LoginEntry;
import io.gatehouse.ratelimit.LoginGuard;
import io.gatehouse.redis.Flight;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to log in on its way: asked about together with the limits, settled by what becomes of it. Who is logged in
 * afterwards has succeeded, and who is not has failed, whatever page the application shows then; unless the application says.
 */
final class GuardedLogin {
    private final LoginGuard guard;
    private final SessionCookie cookie;
    private final Duration deviceLifetime;
    private final HttpServletRequest request;
    private @Nullable Supplier<LoginEntry> asked;
    private @Nullable LoginEntry entry;
    private boolean told;

    GuardedLogin(LoginGuard guard, SessionCookie cookie, Duration deviceLifetime, HttpServletRequest request) {
        this.guard = guard;
        this.cookie = cookie;
        this.deviceLifetime = deviceLifetime;
        this.request = request;
    }

    /** Puts the question into a flight. */
    synchronized void ask(String account, ClientAddress address, Flight flight) {
        asked = guard.enter(account, address, deviceValue(), flight);
    }

    /** Asks by itself, for an application that has found the account in a way of its own; an attempt before is none then. */
    synchronized LoginEntry enter(String account, ClientAddress address) {
        abandon();
        asked = null;
        told = false;
        LoginEntry entered = guard.enter(account, address, deviceValue());
        entry = entered;
        return entered;
    }

    private @Nullable String deviceValue() {
        return cookie.deviceValues(request).stream().findFirst().orElse(null);
    }

    /** What the guard says, once the flight was sent; null if there is no attempt. */
    synchronized @Nullable LoginEntry entry() {
        if (entry == null && asked != null) {
            entry = asked.get();
        }
        return entry;
    }

    private @Nullable LoginAttempt attempt() {
        return entry() instanceof LoginEntry.Admitted admitted ? admitted.attempt() : null;
    }

    boolean isUnderWay() {
        return attempt() != null;
    }

    /** Somebody has logged in; the browser is told, if it still can be, that it is known to the account now. */
    synchronized void succeeded(HttpServletResponse response) {
        LoginAttempt attempt = attempt();
        if (attempt == null || told) {
            return;
        }
        told = true;
        String device = attempt.succeeded();
        if (device != null && !response.isCommitted()) {
            response.addCookie(cookie.device(device, deviceLifetime, request));
        }
    }

    /** Nobody has looked at the password. */
    synchronized void abandon() {
        LoginAttempt attempt = attempt();
        if (attempt != null) {
            attempt.abandoned();
        }
    }

    /** The answer is known, and nobody has logged in: unless the server is to blame, it was a failure. */
    synchronized void settle(int status) {
        LoginAttempt attempt = attempt();
        if (attempt != null && status < HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            attempt.failed();
        } else {
            abandon();
        }
    }
}
