package io.gatehouse.session;

import io.gatehouse.login.LoginDecision;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The authentication of a request's user: its time, for step-up ({@code auth_time} of OpenID Connect Core 1.0, section 2), and
 * the login attempt of the request. The time is set when the session attribute {@code io.gatehouse.user} changes, and by {@link
 * #renew}. Not thread-safe; for the thread of the request.
 *
 * <pre>{@code
 * Authentication.of(request).requireRecentAuth(Duration.ofMinutes(5)); // before a payment
 *
 * if (Authentication.attempt(request, account) instanceof LoginDecision.Denied denied) {
 *     response.sendError(429); // do not check the password
 * }
 * }</pre>
 */
public interface Authentication {

    /**
     * Returns the authentication of a request. Does not create a session. A request that has not passed Gatehouse has no
     * authenticated user.
     */
    static Authentication of(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            if (wrapper.getAttribute(Authentication.class.getName()) instanceof Authentication found) {
                return found;
            }
            inner = wrapper.getRequest(); // the attribute of another application has a class of another class loader
        }
        return inner.getAttribute("io.gatehouse.request:" + request.getContextPath()) instanceof Supplier<?> opened
                        && opened.get() instanceof Authentication found
                ? found // CDI injects the request of the container, if the container uses the sessions of Gatehouse
                : new NoAuthentication();
    }

    /**
     * Starts a login attempt in an application that finds the account in its own way; an application with a login form configures it
     * with {@code GATEHOUSE_LOGIN_FORMS} instead. The attempt succeeds if this request logs in the same account and fails otherwise,
     * unless the application completes it. Replaces an earlier attempt of the request. One round trip, and one more for the
     * outcome.
     *
     * @param account the account as the client typed it
     * @return whether the password may be checked
     * @throws IllegalStateException if the request has not passed Gatehouse
     */
    static LoginDecision attempt(HttpServletRequest request, String account) {
        return of(request).begin(account);
    }

    /**
     * Records that this request has logged in the account that was typed, for applications where that is not visible: they create
     * no session, or their users are not named like their accounts. The attempt succeeds at the end of the request, or when the
     * response is committed.
     *
     * @param account the account as it was typed
     * @throws IllegalStateException if the request has not passed Gatehouse
     */
    static void succeeded(HttpServletRequest request, String account) {
        of(request).confirm(account);
    }

    /** Returns the time of the user's last authentication, or empty if no user is logged in. */
    Optional<Instant> time();

    /**
     * Checks that the user has authenticated within a time span.
     *
     * @throws RecentAuthRequiredException if not; ask for the password, then let the user continue
     */
    void requireRecentAuth(Duration atMost);

    /**
     * Records that the user has authenticated again, and changes the id of the session.
     *
     * @throws IllegalStateException if no user is logged in
     */
    void renew(HttpServletRequest request);

    /**
     * Starts a login attempt; see {@link #attempt}.
     *
     * @throws IllegalStateException if the request has not passed Gatehouse
     */
    LoginDecision begin(String account);

    /**
     * Confirms a login; see {@link #succeeded}.
     *
     * @throws IllegalStateException if the request has not passed Gatehouse
     */
    void confirm(String account);
}
