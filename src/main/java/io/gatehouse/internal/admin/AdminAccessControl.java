package io.gatehouse.internal.admin;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.rules.Limit;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: whoever sends a token (RFC 6750, in the {@code Authorization} header only), or is logged in to the container with the
 * role.
 *
 * <p>Browsers send cookies also with what other sites have them request, so those with the role must prove for each call that may
 * change something that a page of the same origin made it: by {@code Sec-Fetch-Site}, or {@code Origin} where the browser does not
 * send that, and by a header that no form can set and that a script of another origin may not set without leave, which nobody gives.
 *
 * <p>A good token is let in however often others from the same address have failed: behind a proxy that nobody told us of that would
 * lock everybody out, and a token is too long to be guessed at any speed. What the limit of failures protects is the log. Safe for
 * use by several threads.
 */
public final class AdminAccessControl {
    static final String PROOF = "X-Gatehouse-Admin";

    private static final Limit FAILURES = Limit.parse("10/min");
    private static final Pattern BEARER = Pattern.compile("Bearer +([^ ]+) *", Pattern.CASE_INSENSITIVE);
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final AdminSettings settings;
    private final AuditLog audit;
    private final LocalRateLimiter failures;
    private final LocalRateLimiter calls;

    AdminAccessControl(AdminSettings settings, AuditLog audit, LongSupplier nanos) {
        this.settings = settings;
        this.audit = audit;
        this.failures = new LocalRateLimiter(FAILURES, nanos);
        this.calls = new LocalRateLimiter(settings.rate(), nanos);
    }

    /**
     * Lets a call in.
     *
     * @return how the log names the caller
     * @throws ProblemException if it may not come in
     */
    String admit(HttpServletRequest request, ClientAddress address) {
        String presented = presented(request);
        String token = token(settings, presented);
        String caller;
        if (token != null) {
            caller = "token:" + token;
        } else if (hasRole(settings, request)) {
            caller = "role:" + request.getRemoteUser(); // a token that is not ours may be the container's
            requireSameOrigin(request, caller, address);
        } else {
            throw refused(request, presented, address);
        }
        LocalRateLimiter.Outcome outcome = calls.take(caller);
        if (outcome.isRefused()) {
            if (outcome.first()) {
                audit.refused(caller, "too-many-requests", AdminProblemType.TOO_MANY_REQUESTS, address);
            }
            throw tooMany(outcome);
        }
        return caller;
    }

    /** Whether somebody may see what only those see who may use the admin API. */
    public static boolean isAdmin(AdminSettings settings, HttpServletRequest request) {
        return token(settings, presented(request)) != null || hasRole(settings, request);
    }

    private static @Nullable String presented(HttpServletRequest request) {
        Matcher bearer = BEARER.matcher(header(request, "Authorization"));
        return bearer.matches() ? bearer.group(1) : null;
    }

    private static @Nullable String token(AdminSettings settings, @Nullable String presented) {
        return presented == null
                ? null
                : TokenVerifier.name(presented, settings.tokens().get());
    }

    private static boolean hasRole(AdminSettings settings, HttpServletRequest request) {
        return !settings.role().isEmpty() && request.isUserInRole(settings.role());
    }

    private ProblemException refused(HttpServletRequest request, @Nullable String presented, ClientAddress address) {
        if (presented == null && !settings.role().isEmpty() && request.getUserPrincipal() != null) {
            return refused(
                    "user:" + request.getRemoteUser(),
                    "role-missing",
                    new ProblemException(
                            AdminProblemType.FORBIDDEN, "Your user does not have the role that this needs."),
                    address);
        }
        String challenge = "Bearer realm=\"gatehouse-admin\"";
        return presented == null
                ? refused(
                        AuditLog.NOBODY,
                        "no-credentials",
                        new ProblemException(
                                        AdminProblemType.UNAUTHENTICATED,
                                        "Send a token, as Authorization: Bearer <token>.")
                                .with("WWW-Authenticate", challenge),
                        address)
                : refused(
                        AuditLog.NOBODY,
                        "wrong-token",
                        new ProblemException(
                                        AdminProblemType.UNAUTHENTICATED, "The token is not valid, or not any more.")
                                .with("WWW-Authenticate", challenge + ", error=\"invalid_token\""),
                        address);
    }

    /** The problem, or another one and no more lines in the log if there were too many from the address. */
    private ProblemException refused(
            String actor, String reason, ProblemException problemException, ClientAddress address) {
        LocalRateLimiter.Outcome outcome = failures.take(address.ip());
        if (!outcome.isRefused()) {
            audit.refused(actor, reason, problemException.type(), address);
            return problemException;
        }
        if (outcome.first()) {
            audit.refused(actor, "too-many-failures", AdminProblemType.TOO_MANY_REQUESTS, address);
        }
        return tooMany(outcome);
    }

    private static ProblemException tooMany(LocalRateLimiter.Outcome outcome) {
        return new ProblemException(
                        AdminProblemType.TOO_MANY_REQUESTS, "Please try again in " + outcome.waitSeconds() + " s.")
                .retryAfter(outcome.waitSeconds());
    }

    private void requireSameOrigin(HttpServletRequest request, String caller, ClientAddress address) {
        if (SAFE.contains(request.getMethod()) || isOfOurOwn(request)) {
            return;
        }
        throw refused(
                caller,
                "cross-site",
                new ProblemException(
                        AdminProblemType.CROSS_SITE,
                        "With a session, calls that change something need the header " + PROOF
                                + ": 1 and must come from a page of this origin."),
                address);
    }

    private static boolean isOfOurOwn(HttpServletRequest request) {
        if (!header(request, PROOF).equals("1")) {
            return false;
        }
        String site = header(request, "Sec-Fetch-Site");
        return site.isEmpty()
                ? isOurs(header(request, "Origin"), header(request, "Host"))
                : site.equals("same-origin") || site.equals("none");
    }

    /** Without the scheme, because behind a proxy that ends TLS nobody here knows it. */
    private static boolean isOurs(String origin, String host) {
        try {
            URI uri = URI.create(origin);
            String authority = uri.getRawAuthority();
            return authority != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String header(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value.strip();
    }
}
